using System.Buffers.Binary;

namespace Baton.Tests.Clients;

/// <summary>The open streams of a connection, and what ends them all: a GOAWAY for those above its last, and the connection's end.</summary>
internal sealed class Http2StreamTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Http2Stream> _open = [];
    private string? _goAway;
    private string? _fault;
    private bool _ended;
    private int _next = 1;
    private long _sendWindow = 65_535;

    public string? GoAway
    {
        get { lock (_gate) return _goAway; }
    }

    public string? Fault
    {
        get { lock (_gate) return _fault; }
    }

    public bool Opens
    {
        get { lock (_gate) return _goAway is null && !_ended; }
    }

    /// <summary>Opens the next stream; null once a GOAWAY was seen or the connection has ended.</summary>
    /// <exception cref="ResponseLostException">The connection's window has no room for the body.</exception>
    public Http2Stream? Open(int bodyLength)
    {
        lock (_gate)
        {
            if (_goAway is not null || _ended)
                return null;
            // The small bodies sent here fit a stream's own window, not for ever the connection's (RFC 9113, 6.9).
            if (bodyLength > _sendWindow)
                throw new ResponseLostException("the server has not opened the connection's window again");
            _sendWindow -= bodyLength;
            var stream = new Http2Stream(_next);
            _open.Add(stream.Id, stream);
            _next += 2;
            return stream;
        }
    }

    public void Forget(Http2Stream stream)
    {
        lock (_gate)
            _open.Remove(stream.Id);
    }

    public void Receive(Http2Frame frame)
    {
        lock (_gate)
        {
            var stream = _open.GetValueOrDefault(frame.Stream);
            switch (frame.Type)
            {
                case Http2FrameType.Data or Http2FrameType.Headers or Http2FrameType.Continuation:
                    stream?.Receive(frame);
                    break;
                case Http2FrameType.ResetStream:
                    stream?.End($"RST_STREAM with code {Number(frame.Payload)}");
                    break;
                case Http2FrameType.WindowUpdate when frame.Stream == 0:
                    _sendWindow += Number(frame.Payload);
                    break;
                case Http2FrameType.GoAway:
                    ReceiveGoAway(Number(frame.Payload), Number(frame.Payload.AsSpan(4)));
                    break;
            }
        }
    }

    public void End(string? fault)
    {
        lock (_gate)
        {
            _ended = true;
            _fault = fault;
            foreach (var stream in _open.Values)
                stream.End($"{fault ?? "end of file"} before the answer ({_goAway ?? "no GOAWAY"})");
        }
    }

    // RFC 9113, 6.8: streams above the last one named were not and will not be processed.
    private void ReceiveGoAway(int last, int code)
    {
        _goAway = $"GOAWAY with code {code}";
        foreach (var (id, stream) in _open)
        {
            if (id > last)
                stream.End($"refused by a {_goAway} for streams up to {last}", refused: true);
        }
    }

    private static int Number(ReadOnlySpan<byte> payload) => BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue;
}
