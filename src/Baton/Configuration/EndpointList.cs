using Microsoft.AspNetCore.Http;

namespace Baton.Configuration;

/// <summary>The endpoints of a valid configuration, by name, and where each listens.</summary>
internal sealed class EndpointList
{
    private const string Section = "Kestrel:Endpoints";

    private readonly Dictionary<string, string[]> _addresses;

    public EndpointList(Settings settings) =>
        _addresses = settings.ToConfiguration().GetSection(Section).GetChildren().ToDictionary(
            endpoint => endpoint.Key,
            endpoint => new EndpointAddress(BindingAddress.Parse(endpoint["Url"]!)).ListenAddresses.ToArray(),
            StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether one of them listens there.</summary>
    public bool Has(string address) => _addresses.Values.Any(addresses => addresses.Contains(address));

    /// <summary>Where the endpoint of that name listens; null if there is none, or if it listens in two places (localhost).</summary>
    public string? OnlyAddressOf(string name) => _addresses.TryGetValue(name, out var addresses) && addresses is [var only] ? only : null;

    public override string ToString() => string.Join(", ", _addresses.Keys);
}
