using System.Net.Sockets;

namespace Baton.Tests.Backends;

/// <summary>
/// One end of a tunnel: sends bytes that follow from their place in the stream (<see cref="KnownBody"/>) as fast as they go,
/// and compares each byte that comes with what it must be.
/// </summary>
/// <param name="receive">Receives something; 0 is the end.</param>
/// <param name="send">Sends all of it.</param>
/// <param name="isClient">The two directions carry different bytes.</param>
/// <param name="sends">Whether it sends from the start.</param>
public sealed class TunnelEnd(
    Func<Memory<byte>, CancellationToken, ValueTask<int>> receive, Func<ReadOnlyMemory<byte>, CancellationToken, Task> send, bool isClient, bool sends)
{
    private const int LargestPiece = 64 * 1024;
    private const long FromServer = 1L << 40;
    private readonly byte[] _sending = new byte[LargestPiece + 8];
    private readonly byte[] _receiving = new byte[LargestPiece];
    private readonly byte[] _expected = new byte[LargestPiece + 8];
    private readonly TaskCompletionSource _sentAll = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sent;
    private long _received;
    private volatile bool _stopped;
    private volatile bool _sawEnd;
    private volatile string? _fault;

    /// <summary>Open while it sends.</summary>
    public Valve Sending { get; } = new(sends);

    /// <summary>Open while it receives.</summary>
    public Valve Receiving { get; } = new();

    public long Sent => Volatile.Read(ref _sent);

    public long Received => Volatile.Read(ref _received);

    /// <summary>Whether the other end may end its direction; before, its end is a fault.</summary>
    public bool MayEnd { get; set; }

    /// <summary>The other end has ended its direction.</summary>
    public bool SawEnd => _sawEnd;

    /// <summary>What was wrong; null if nothing was.</summary>
    public string? Fault => _fault;

    /// <summary>Runs both directions until both have ended.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => GuardAsync(SendAllAsync(cancellationToken), isSending: true), CancellationToken.None),
        Task.Run(() => GuardAsync(ReceiveAllAsync(cancellationToken), isSending: false), CancellationToken.None));

    /// <summary>Sends no more; returns how many bytes were sent in all.</summary>
    public async Task<long> StopSendingAsync(CancellationToken cancellationToken)
    {
        _stopped = true;
        Sending.Open();
        await _sentAll.Task.WaitAsync(cancellationToken);
        return Sent;
    }

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Sending.WaitAsync(cancellationToken);
            if (_stopped)
                return;
            // Every length, so that the pieces of the two ends never fall together.
            var piece = Known(_sending, isClient ? 0 : FromServer, _sent, Random.Shared.Next(1, LargestPiece + 1));
            await send(piece, cancellationToken);
            Interlocked.Add(ref _sent, piece.Length);
            // A send that completes at once would keep the thread from everybody else.
            await Task.Yield();
        }
    }

    private async Task ReceiveAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Receiving.WaitAsync(cancellationToken);
            var count = await receive(_receiving, cancellationToken);
            if (count == 0)
            {
                if (!MayEnd)
                    _fault ??= $"end of file after {Received} bytes";
                _sawEnd = true;
                return;
            }
            var expected = Known(_expected, isClient ? FromServer : 0, _received, count);
            if (!_receiving.AsSpan(0, count).SequenceEqual(expected.Span))
            {
                var equal = _receiving.AsSpan(0, count).CommonPrefixLength(expected.Span);
                _fault ??= $"byte {_received + equal} is not the one that was sent";
                return;
            }
            Interlocked.Add(ref _received, count);
        }
    }

    private async Task GuardAsync(Task direction, bool isSending)
    {
        try
        {
            await direction;
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or Clients.ResponseLostException)
        {
            _fault ??= isSending ? $"sending after {Sent} bytes: {e.Message}" : $"receiving after {Received} bytes: {e.Message}";
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
        finally
        {
            if (isSending)
                _sentAll.TrySetResult();
        }
    }

    /// <summary>The bytes of a stream at a place, in <paramref name="buffer"/>, which has room for seven more in front.</summary>
    private static ReadOnlyMemory<byte> Known(byte[] buffer, long stream, long at, int count)
    {
        var lead = (int)(at % 8);
        KnownBody.Fill(buffer.AsSpan(0, lead + count), stream + at - lead);
        return buffer.AsMemory(lead, count);
    }
}
