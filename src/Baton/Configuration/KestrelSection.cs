using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Baton.Configuration;

/// <summary>
/// The keys that Kestrel reads from its section. Kestrel reads them by hand, without a type that could be reflected on,
/// and ignores what it does not know; this is that type, for checks and for the schema's test.
/// </summary>
internal sealed record KestrelSection
{
    public IReadOnlyDictionary<string, KestrelEndpoint>? Endpoints { get; init; }

    public KestrelEndpointDefaults? EndpointDefaults { get; init; }

    public IReadOnlyDictionary<string, KestrelCertificate>? Certificates { get; init; }

    public KestrelServerLimits? Limits { get; init; }

    public bool AddServerHeader { get; init; }

    public bool AllowAlternateSchemes { get; init; }

    public bool AllowHostHeaderOverride { get; init; }

    public bool AllowResponseHeaderCompression { get; init; }

    public bool AllowSynchronousIO { get; init; }

    public bool DisableStringReuse { get; init; }
}
