using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace Baton.Handover.Transport;

/// <summary>
/// Runs the send loops of some connections one after another. Under load one work item of the thread pool sends for many
/// connections, where each would cost one of its own.
/// </summary>
internal sealed class SendQueue : PipeScheduler, IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<(Action<object?> Action, object? State)> _items = new();
    private int _count;

    public override void Schedule(Action<object?> action, object? state)
    {
        _items.Enqueue((action, state));
        if (Interlocked.Increment(ref _count) == 1)
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    // An item is counted after it was added, so that for each one that is counted there is one to take.
    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            if (_items.TryDequeue(out var item))
                item.Action(item.State);
        }
        while (Interlocked.Decrement(ref _count) > 0);
    }
}
