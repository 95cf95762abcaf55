using Yarp.ReverseProxy.Configuration;

namespace Baton.Configuration;

/// <summary>A configuration that was read whole and found valid.</summary>
/// <param name="Content">The bytes of the file, to tell a change from a mere touch.</param>
/// <param name="Settings">Every value, from all sources.</param>
/// <param name="Options">The section <c>Baton</c>.</param>
/// <param name="Proxy">The section <c>ReverseProxy</c>.</param>
/// <param name="Warnings">What is odd about it, for the log.</param>
internal sealed record LoadedConfiguration(
    ReadOnlyMemory<byte> Content,
    Settings Settings,
    BatonOptions Options,
    IProxyConfig Proxy,
    IReadOnlyList<ConfigurationError> Warnings);
