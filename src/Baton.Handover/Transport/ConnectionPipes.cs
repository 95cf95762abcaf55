using System.Buffers;
using System.IO.Pipelines;

namespace Baton.Handover.Transport;

/// <summary>Makes the pipes between sockets and server, for all connections of one listener.</summary>
internal sealed class ConnectionPipes(MemoryPool<byte> memoryPool, TransportLimits limits)
{
    // Kestrel's own transport has as many: min(processors, 16).
    private static readonly SendQueue[] Queues = [.. Enumerable.Range(0, Math.Min(Environment.ProcessorCount, 16)).Select(_ => new SendQueue())];

    private readonly PipeOptions _input = Options(memoryPool, PipeScheduler.ThreadPool, PipeScheduler.ThreadPool, limits.ReadBuffer);
    private readonly PipeOptions[] _output = [.. Queues.Select(queue => Options(memoryPool, queue, PipeScheduler.ThreadPool, limits.WriteBuffer))];

    public MemoryPool<byte> MemoryPool => memoryPool;

    /// <summary>From the socket to the server.</summary>
    public Pipe Input() => new(_input);

    /// <summary>From the server to the socket.</summary>
    /// <param name="number">The connection's number: it spreads connections over the processors.</param>
    public Pipe Output(long number) => new(_output[number % _output.Length]);

    private static PipeOptions Options(MemoryPool<byte> memoryPool, PipeScheduler reader, PipeScheduler writer, long limit) =>
        new(memoryPool, reader, writer, limit, limit / 2, useSynchronizationContext: false);
}
