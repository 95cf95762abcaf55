using Microsoft.Extensions.Logging;

namespace Baton.Handover.Transport;

/// <summary>What the transport tells the operator; event ids 1200 to 1299.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(1200, LogLevel.Warning, "Accepting on {Address} fails: {Reason}. Connections wait in the queue until descriptors or memory are free; raise the limit on open files (LimitNOFILE=, ulimit -n) if this lasts")]
    public static partial void AcceptExhausted(this ILogger log, string address, string reason);

    [LoggerMessage(1201, LogLevel.Information, "Accepting on {Address} works again")]
    public static partial void AcceptRecovered(this ILogger log, string address);

    [LoggerMessage(1202, LogLevel.Debug, "Connection {ConnectionId} is idle, and leaves the server until its client sends something")]
    public static partial void Rests(this ILogger log, string? connectionId);
}
