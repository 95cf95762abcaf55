namespace Baton.Configuration;

/// <summary>Where Kestrel finds a certificate: a PFX or PEM file, or a certificate store.</summary>
internal sealed record KestrelCertificate
{
    public string? Path { get; init; }

    public string? KeyPath { get; init; }

    public string? Password { get; init; }

    public string? Subject { get; init; }

    public string? Store { get; init; }

    public string? Location { get; init; }

    public bool? AllowInvalid { get; init; }
}
