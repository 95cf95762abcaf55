using System.Threading.Channels;

namespace Baton.Tests.Clients;

/// <summary>
/// What <see cref="Traffic"/> tells one lane of a client (speak, stop), and what the lane tells it (it is where it
/// should be when an upgrade begins).
/// </summary>
public sealed class Cues
{
    private readonly Channel<bool> _spoken = Channel.CreateUnbounded<bool>();
    private readonly Lock _gate = new();
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _finished;
    private volatile bool _stopped;

    /// <summary>The lane is to finish what it has begun and end.</summary>
    public bool Stopped => _stopped;

    /// <summary>Waits until the lane is to speak (true) or to end (false).</summary>
    public async Task<bool> SpokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _spoken.Reader.ReadAsync(cancellationToken);
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The lane is where it should be when an upgrade begins: its request is in flight, its connection is idle …</summary>
    public void Ready()
    {
        lock (_gate)
            _ready.TrySetResult();
    }

    /// <summary>The lane has ended; nobody has to wait for it any more.</summary>
    internal void Finished()
    {
        lock (_gate)
        {
            _finished = true;
            _ready.TrySetResult();
        }
    }

    internal Task WhenReadyAsync()
    {
        lock (_gate)
            return _ready.Task;
    }

    internal void Speak()
    {
        lock (_gate)
        {
            if (_finished || _stopped)
                return;
            _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _spoken.Writer.TryWrite(true);
        }
    }

    internal void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            _spoken.Writer.TryComplete();
        }
    }
}
