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
    private bool _goAwaySent;

    /// <summary>Runs until the server has written its last byte, or nothing can be sent any more.</summary>
    /// <returns>True when everything was sent and the client told so, false when the connection broke.</returns>
    public async Task<bool> RunAsync()
    {
        try
        {
            while (true)
            {
                var result = await output.ReadAsync();
                if (_aborted)
                    return false;
                if (!result.Buffer.IsEmpty)
                    await SendAsync(result.Buffer);
                output.AdvanceTo(result.Buffer.End);

                if (_goAwayAsked && !_goAwaySent && _frames.AtBoundary)
                {
                    _goAwaySent = true;
                    await socket.SendAsync(GoAway, SocketFlags.None);
                }

                if (result.IsCompleted)
                {
                    socket.Shutdown(SocketShutdown.Send);
                    return true;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false; // The receive loop fails too, and tells the server.
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

    private async ValueTask SendAsync(ReadOnlySequence<byte> buffer)
    {
        if (receiver.Kind == ConnectionKind.Http2)
        {
            foreach (var segment in buffer)
                _frames.Feed(segment.Span);
        }

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
