using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Baton.Handover.Transport;

/// <summary>Moves bytes from the server to the socket, and puts the announcement of an HTTP/2 connection's end between them.</summary>
internal sealed class SocketSender(Socket socket, PipeReader output, SocketReceiver receiver)
{
    // GOAWAY, stream 0, last stream 2^31-1, NO_ERROR: "no new streams, please; those on their way are served". RFC 9113, 6.8.
    private static readonly byte[] GoAway = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0];

    private readonly List<ArraySegment<byte>> _segments = [];
    private Http2FrameBoundary _frames;
    private volatile bool _aborted;
    private volatile bool _goAwayAsked;
    private volatile bool _stopAsked;
    private bool _goAwaySent;
    private long _sent;

    /// <summary>Bytes that were given to the kernel.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Runs until the server has written its last byte, nothing can be sent any more, or it is stopped.</summary>
    public async Task<SenderEnd> RunAsync()
    {
        try
        {
            while (true)
            {
                var result = await output.ReadAsync();
                if (_aborted)
                    return SenderEnd.Broken;
                if (!result.Buffer.IsEmpty)
                    await SendAsync(result.Buffer);
                output.AdvanceTo(result.Buffer.End);

                if (_goAwayAsked && !_goAwaySent && _frames.AtBoundary)
                {
                    _goAwaySent = true;
                    await socket.SendAsync(GoAway, SocketFlags.None);
                }

                if (result.IsCompleted)
                    return SenderEnd.Finished;
                if (_stopAsked && result.IsCanceled)
                    return SenderEnd.Stopped;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return SenderEnd.Broken; // The receive loop fails too, and tells the server.
        }
        finally
        {
            await output.CompleteAsync();
        }
    }

    public void AnnounceGoAway()
    {
        _goAwayAsked = true;
        output.CancelPendingRead();
    }

    public void Abort()
    {
        _aborted = true;
        output.CancelPendingRead();
    }

    /// <summary>Ends the loop when everything that the server has written was sent.</summary>
    public void Stop()
    {
        _stopAsked = true;
        output.CancelPendingRead();
    }

    private async ValueTask SendAsync(ReadOnlySequence<byte> buffer)
    {
        if (receiver.Kind == ConnectionKind.Http2)
        {
            foreach (var segment in buffer)
                _frames.Feed(segment.Span);
        }

        Volatile.Write(ref _sent, _sent + buffer.Length);
        if (buffer.IsSingleSegment)
        {
            await socket.SendAsync(buffer.First, SocketFlags.None);
            return;
        }

        _segments.Clear();
        foreach (var segment in buffer)
        {
            if (MemoryMarshal.TryGetArray(segment, out var array))
                _segments.Add(array);
            else
                _segments.Add(segment.ToArray());
        }

        await socket.SendAsync(_segments, SocketFlags.None);
    }
}
