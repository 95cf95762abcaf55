namespace Baton.Tests.Clients;

/// <summary>How one stream ended.</summary>
/// <param name="Stream">Its number.</param>
/// <param name="Status">The status, or 0 if none was read.</param>
/// <param name="Body">What came of the body.</param>
/// <param name="Fault">Why it did not end as it should; null if it did.</param>
/// <param name="Refused">A GOAWAY says that the stream was not processed, so that it could be asked again elsewhere (RFC 9113, 6.8).</param>
public sealed record Http2Answer(int Stream, int Status, string Body, string? Fault, bool Refused = false);
