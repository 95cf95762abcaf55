namespace Baton.Configuration;

/// <summary>What an endpoint and a server name have in common.</summary>
internal record KestrelTls : KestrelEndpointDefaults
{
    public KestrelCertificate? Certificate { get; init; }
}
