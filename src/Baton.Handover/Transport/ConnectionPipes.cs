using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Baton.Handover.Transport;

/// <summary>Makes the pipes between sockets and server, for all connections of one listener, as large as those of Kestrel's own transport.</summary>
/// <remarks>
/// With <see cref="SocketTransportOptions.UnsafePreferInlineScheduling"/> the server reads a request on the thread of the pool
/// that has received it. Another one takes the next socket meanwhile, so a handler that computes or blocks delays no other
/// connection; but one that blocks until more of its own request's body arrives waits for ever, since it stands in the way of that.
/// </remarks>
internal sealed class ConnectionPipes(MemoryPool<byte> memoryPool, SocketTransportOptions options)
{
    // Kestrel's own transport has as many: min(processors, 16).
    private static readonly SendQueue[] Queues = [.. Enumerable.Range(0, Math.Min(Environment.ProcessorCount, 16)).Select(_ => new SendQueue())];

    private readonly PipeOptions _input =
        Options(memoryPool, options.UnsafePreferInlineScheduling ? PipeScheduler.Inline : PipeScheduler.ThreadPool, options.MaxReadBufferSize);

    public MemoryPool<byte> MemoryPool => memoryPool;

    /// <summary>When a connection sends.</summary>
    /// <param name="number">The connection's number: it spreads connections over the processors.</param>
    public static SendTurn Turn(long number) => new(Queues[number % Queues.Length]);

    /// <summary>From the socket to the server.</summary>
    public Pipe Input() => new(_input);

    /// <summary>From the server to the socket.</summary>
    public Pipe Output(SendTurn turn) => new(Options(memoryPool, turn, options.MaxWriteBufferSize));

    // Who waits for room to write goes on elsewhere: it may be woken under a lock of the server's.
    private static PipeOptions Options(MemoryPool<byte> memoryPool, PipeScheduler reader, long? limit) =>
        new(memoryPool, reader, PipeScheduler.ThreadPool, limit ?? 0, (limit ?? 0) / 2, useSynchronizationContext: false);
}
