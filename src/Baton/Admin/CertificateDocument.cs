namespace Baton.Admin;

/// <summary>A certificate that an endpoint shows.</summary>
/// <param name="Endpoint">Name of the endpoint, with the server name behind a slash where it has several.</param>
/// <param name="Subject">Whom it names.</param>
/// <param name="NotAfter">When it expires.</param>
/// <param name="DaysLeft">Whole days until then; negative when it has expired.</param>
internal sealed record CertificateDocument(string Endpoint, string Subject, DateTimeOffset NotAfter, int DaysLeft);
