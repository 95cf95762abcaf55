using Baton.Handover;

namespace Baton.Cli;

/// <summary>How much a draining generation has finished of what was open at its begin.</summary>
internal sealed class DrainShare
{
    private int _last;
    private int _begin;

    /// <summary>What a generation has open that still accepts.</summary>
    public void Remember(DrainProgress? open) => _last = open is null ? 0 : Count(open);

    /// <summary>It no longer accepts: what was open last is what is to be finished.</summary>
    public void Begin() => _begin = _last;

    /// <returns>From 0 to 1; null if there is nothing to do.</returns>
    public double? Of(DrainProgress left)
    {
        _begin = Math.Max(_begin, Count(left)); // Accepted after the last look.
        return _begin == 0 ? null : 1 - ((double)Count(left) / _begin);
    }

    private static int Count(DrainProgress open) => open.Connections + open.Requests;
}
