using System.Text;

namespace Baton.Tests.Clients;

/// <summary>One stream that waits for its answer.</summary>
internal sealed class Http2Stream(int id)
{
    private readonly TaskCompletionSource<Http2Answer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<byte> _headers = [];
    private readonly List<byte> _body = [];
    private bool _headersEndStream;
    private int _status;

    public int Id => id;

    public Task<Http2Answer> Answer => _answer.Task;

    public void Receive(Http2Frame frame)
    {
        switch (frame.Type)
        {
            case Http2FrameType.Data:
                _body.AddRange(frame.Content);
                if (frame.EndsStream)
                    End(null);
                break;
            case Http2FrameType.Headers:
                _headers.AddRange(frame.Content);
                _headersEndStream = frame.EndsStream;
                ReceiveHeadersEnd(frame);
                break;
            case Http2FrameType.Continuation:
                _headers.AddRange(frame.Payload);
                ReceiveHeadersEnd(frame);
                break;
        }
    }

    public void End(string? fault, bool refused = false) =>
        _answer.TrySetResult(new Http2Answer(id, _status, Encoding.Latin1.GetString([.. _body]), fault, refused));

    private void ReceiveHeadersEnd(Http2Frame frame)
    {
        if (!frame.EndsHeaders)
            return;
        // A second block is trailers, which have no status.
        if (_status == 0)
            _status = HpackBlock.Status([.. _headers]);
        _headers.Clear();
        if (_headersEndStream)
            End(null);
    }
}
