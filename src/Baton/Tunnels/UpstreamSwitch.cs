using System.Net.Sockets;

namespace Baton.Tunnels;

/// <summary>A destination that has switched protocols: its connection, and what came on it after the head of the response.</summary>
internal sealed record UpstreamSwitch(Socket Socket, ReadOnlyMemory<byte> Beyond);
