namespace Baton.Handover.Transport;

/// <summary>Keeps a receive loop from taking what its client has sent, which stays in the kernel, until it is let go.</summary>
/// <param name="isWanted">Whether what comes now is to be held back.</param>
internal sealed class ReceiveHold(Func<bool> isWanted)
{
    private TaskCompletionSource? _held;
    private volatile bool _isOver;

    /// <summary>Whether bytes are held back.</summary>
    public bool IsOn => Volatile.Read(ref _held) is not null;

    /// <summary>Whether they would be.</summary>
    public bool IsWanted => !_isOver && isWanted();

    /// <summary>Waits until it is let go, if it is wanted.</summary>
    /// <exception cref="OperationCanceledException">Somebody else wants what has come.</exception>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _held, held); // Before the look: whoever lets go sees it, or what made it unwanted is seen here.
        try
        {
            if (IsWanted)
                await held.Task.WaitAsync(cancellation);
        }
        finally
        {
            Volatile.Write(ref _held, null);
        }
    }

    /// <summary>Ends a wait, now that it is not wanted any more.</summary>
    public void LetGo()
    {
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _held)?.TrySetResult();
    }

    /// <summary>Nothing is held back from now on.</summary>
    public void End()
    {
        _isOver = true;
        LetGo();
    }
}
