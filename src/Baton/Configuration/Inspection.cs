using Yarp.ReverseProxy.Configuration;

namespace Baton.Configuration;

/// <summary>A configuration that was read, valid or not, and what is wrong with it so far.</summary>
/// <param name="Content">The bytes of the file.</param>
/// <param name="Settings">Every value, from all sources.</param>
/// <param name="Options">The section <c>Baton</c>, without what could not be read.</param>
/// <param name="Proxy">The section <c>ReverseProxy</c>; null if it could not be read.</param>
/// <param name="Findings">What was found; whoever looks further adds to it.</param>
internal sealed record Inspection(ReadOnlyMemory<byte> Content, Settings Settings, BatonOptions Options, IProxyConfig? Proxy, Findings Findings)
{
    /// <summary>What could be read.</summary>
    public Settings Readable => Settings.Without(Findings.Unreadable);
}
