using System.IO.Pipelines;

namespace Baton.Handover.Transport;

/// <summary>
/// When a connection's send loop runs. An answer of known length is sent at once by the thread that has written it, which saves
/// waking another one. Behind what is written of a chunked answer its end often follows at once, and behind one stream of HTTP/2
/// another: there sending waits for its turn, so that both are one system call and one packet.
/// </summary>
internal sealed class SendTurn(SendQueue queue) : PipeScheduler
{
    private volatile bool _isAtOnce;

    /// <summary>Whether what is written from now on is sent at once. Default: false.</summary>
    public bool IsAtOnce
    {
        set => _isAtOnce = value;
    }

    // The loop never blocks: where the socket takes no more, it waits for that without a thread.
    public override void Schedule(Action<object?> action, object? state)
    {
        if (_isAtOnce)
            action(state);
        else
            queue.Schedule(action, state);
    }
}
