namespace Baton.Configuration;

/// <summary>One entry of <c>Kestrel:Endpoints</c>.</summary>
internal sealed record KestrelEndpoint : KestrelTls
{
    public string? Url { get; init; }

    /// <summary>By server name, or by a pattern such as <c>*.example.org</c>.</summary>
    public IReadOnlyDictionary<string, KestrelTls>? Sni { get; init; }
}
