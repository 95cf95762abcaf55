using System.Buffers;
using System.Net.Sockets;

namespace Baton.Handover.Transport;

/// <summary>
/// One direction of a tunnel: bytes from one socket to the other. It can be paused between two system calls, and then knows
/// exactly which bytes it holds: received, not yet sent.
/// </summary>
internal sealed class TunnelDirection(Socket source, Socket target, bool isWebSocket, TunnelDirectionState state)
{
    /// <summary>The most bytes that are held; two directions of them fit into one message of the hand-over channel.</summary>
    public const int BufferSize = 32 * 1024;

    // A direction that never has to wait lets others run after so many turns.
    private const int TurnsBetweenYields = 16;

    private byte[]? _buffer;
    private ReadOnlyMemory<byte> _held = state.Held;
    private WebSocketFrameBoundary _frames = state.Frames;
    private bool _sourceEnded = state.SourceEnded;
    private bool _discards = state.Discards;

    /// <summary>Whether all that the target was sent is whole frames, so that a frame of ours may follow.</summary>
    public bool CanInsert => isWebSocket && _frames.CanInsert && !_discards && !HasEnded;

    /// <summary>Whether the source has ended and the target was told.</summary>
    public bool HasEnded { get; private set; } = state.HasEnded;

    /// <summary>Bytes moved so far; changes whenever there is traffic.</summary>
    public long Count { get; private set; }

    /// <summary>What a successor needs to go on; to be asked for while paused.</summary>
    public TunnelDirectionState State => new(_held.ToArray(), _frames, _sourceEnded, HasEnded, _discards);

    public int HeldLength => _held.Length;

    /// <summary>Makes this the last that the target gets; what else comes for it is dropped.</summary>
    public void End(ReadOnlyMemory<byte> last)
    {
        _discards = true;
        _held = last;
    }

    /// <summary>Runs until the source has ended, or the pause is asked for.</summary>
    /// <exception cref="SocketException">One of the two sides broke.</exception>
    /// <exception cref="ObjectDisposedException">The tunnel was aborted.</exception>
    public async Task RunAsync(CancellationToken pause)
    {
        try
        {
            for (var turn = 1; !HasEnded && !pause.IsCancellationRequested; turn++)
            {
                if (!_held.IsEmpty)
                    await SendAsync(pause);
                else if (_sourceEnded)
                    EndTarget();
                else
                    await ReceiveAsync(pause);
                if (turn % TurnsBetweenYields == 0)
                    await Task.Yield();
            }
        }
        catch (OperationCanceledException)
        {
            // Paused while it waited; the wait has taken nothing and sent nothing.
        }
    }

    private async ValueTask ReceiveAsync(CancellationToken pause)
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
        var count = source.Receive(_buffer.AsSpan(0, BufferSize), SocketFlags.None, out var error);
        switch (error)
        {
            case SocketError.Success when count == 0:
                _sourceEnded = true;
                break;
            case SocketError.Success:
                _held = _discards ? default : _buffer.AsMemory(0, count); // Dropped only when what is held was sent.
                Count += count;
                break;
            case SocketError.WouldBlock:
                Release(0); // An idle tunnel holds no buffer.
                await source.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, pause);
                break;
            default:
                throw new SocketException((int)error);
        }
    }

    private async ValueTask SendAsync(CancellationToken pause)
    {
        var count = target.Send(_held.Span, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock && count == 0)
        {
            // A single byte is sent or not: a cancelled send of more would not tell how much of it was.
            count = await target.SendAsync(_held[..1], SocketFlags.None, pause);
        }
        else if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            throw new SocketException((int)error);
        }

        if (isWebSocket)
            _frames.Feed(_held.Span[..count]);
        Release(count);
    }

    private void EndTarget()
    {
        target.Shutdown(SocketShutdown.Send);
        HasEnded = true;
    }

    // Gives the buffer back when nothing is held in it any more.
    private void Release(int count)
    {
        _held = _held[count..];
        if (!_held.IsEmpty || _buffer is null)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }
}
