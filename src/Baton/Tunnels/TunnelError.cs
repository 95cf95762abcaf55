using Yarp.ReverseProxy.Forwarder;

namespace Baton.Tunnels;

/// <summary>Why an upgrade failed after YARP was done with it; its own class for this is internal.</summary>
internal sealed record TunnelError(ForwarderError Error, Exception? Exception) : IForwarderErrorFeature;
