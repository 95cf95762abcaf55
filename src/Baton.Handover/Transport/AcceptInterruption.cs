using System.Diagnostics.CodeAnalysis;

namespace Baton.Handover.Transport;

/// <summary>Wakes an accept loop that waits for a connection or for leave to accept, so that it looks at its state again.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A source without a timer holds nothing, and the loop may be woken after its end.")]
internal sealed class AcceptInterruption
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _source = new();

    /// <summary>Cancelled by the next <see cref="Wake"/>. To be taken before the state is looked at.</summary>
    public CancellationToken Token
    {
        get
        {
            lock (_lock)
            {
                if (_source.IsCancellationRequested)
                    _source = new CancellationTokenSource();
                return _source.Token;
            }
        }
    }

    public void Wake()
    {
        CancellationTokenSource source;
        lock (_lock)
            source = _source;
        source.Cancel();
    }
}
