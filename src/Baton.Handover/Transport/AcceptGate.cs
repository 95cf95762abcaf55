namespace Baton.Handover.Transport;

/// <summary>
/// Whether this generation accepts. Closing it pauses every accept loop without ending it; opening it lets all of them go on.
/// </summary>
internal sealed class AcceptGate : IDisposable
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _paused = new();
    private bool _isOpen;

    public bool IsOpen
    {
        get
        {
            lock (_lock)
                return _isOpen;
        }
    }

    /// <summary>Completes when the gate is open.</summary>
    public Task Opened
    {
        get
        {
            lock (_lock)
                return _opened.Task;
        }
    }

    /// <summary>Cancelled when the gate, open now, is closed.</summary>
    public CancellationToken Paused
    {
        get
        {
            lock (_lock)
                return _paused.Token;
        }
    }

    public void Open()
    {
        lock (_lock)
        {
            if (_isOpen)
                return;
            _isOpen = true;
            _paused.Dispose();
            _paused = new CancellationTokenSource();
            _opened.SetResult();
        }
    }

    public void Close()
    {
        CancellationTokenSource paused;
        lock (_lock)
        {
            if (!_isOpen)
                return;
            _isOpen = false;
            _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            paused = _paused;
        }

        paused.Cancel();
    }

    public void Dispose() => _paused.Dispose();
}
