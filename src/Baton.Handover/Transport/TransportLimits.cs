namespace Baton.Handover.Transport;

/// <summary>How much a connection buffers, in bytes, before its reader or writer waits; 0 means without bound.</summary>
/// <param name="ReadBuffer">Between socket and server. Default: 1 MiB, as Kestrel's own transport.</param>
/// <param name="WriteBuffer">Between server and socket. Default: 64 KiB, as Kestrel's own transport.</param>
internal sealed record TransportLimits(long ReadBuffer = 1024 * 1024, long WriteBuffer = 64 * 1024);
