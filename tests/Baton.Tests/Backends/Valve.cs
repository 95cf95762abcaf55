namespace Baton.Tests.Backends;

/// <summary>Lets a loop go on while it is open.</summary>
public sealed class Valve(bool isOpen = true)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _opened = isOpen ? Opened() : Closed();

    public void Open()
    {
        lock (_gate)
            _opened.TrySetResult();
    }

    public void Close()
    {
        lock (_gate)
        {
            if (_opened.Task.IsCompleted)
                _opened = Closed();
        }
    }

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _opened.Task.WaitAsync(cancellationToken);
    }

    private static TaskCompletionSource Closed() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Opened()
    {
        var opened = Closed();
        opened.SetResult();
        return opened;
    }
}
