using System.Collections.Concurrent;

namespace Baton.Handover.Processes;

/// <summary>
/// The way of connections from this process to its successor. Each message is answered with what the successor could not
/// adopt; until then this process keeps its own copies, and what was never answered was never adopted.
/// </summary>
internal sealed class Passage(ISuccessor successor, IReadOnlyCollection<string> adopted)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<IReadOnlyCollection<int>?>> _unanswered = new();
    private int _lastNumber;
    private bool _isClosed;

    /// <summary>Whether the successor is of a build that adopts this kind.</summary>
    public bool Takes(string kind) => !_isClosed && adopted.Contains(kind);

    /// <summary>Passes what the message says.</summary>
    /// <returns>The indices of what was not adopted; null if the successor is gone and has adopted nothing of it.</returns>
    public async Task<IReadOnlyCollection<int>?> PassAsync(ChannelMessage message, ReadOnlyMemory<int> fds, CancellationToken cancellation)
    {
        var number = Interlocked.Increment(ref _lastNumber);
        var answer = new TaskCompletionSource<IReadOnlyCollection<int>?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_isClosed)
                return null;
            _unanswered[number] = answer;
        }

        try
        {
            return await successor.SendAsync(message with { Number = number }, fds, cancellation) ? await answer.Task : null;
        }
        finally
        {
            _unanswered.TryRemove(number, out _);
        }
    }

    /// <summary>Whether the message was an answer.</summary>
    public bool TryAnswer(ChannelMessage message)
    {
        if (message.Kind != ChannelMessage.Adopted)
            return false;
        if (message.Number is { } number && _unanswered.TryGetValue(number, out var answer))
            answer.TrySetResult(message.Refused ?? []);
        return true;
    }

    /// <summary>Nothing will be answered any more.</summary>
    public void Close()
    {
        lock (_lock)
            _isClosed = true;
        foreach (var answer in _unanswered.Values)
            answer.TrySetResult(null);
    }
}
