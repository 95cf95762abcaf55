using Baton.Handover.Processes;
using Baton.Handover.Sockets;

namespace Baton.Handover;

/// <summary>One upgrade under way, seen from the predecessor: the successor and what is known of it.</summary>
internal sealed class UpgradeAttempt(ISuccessor successor, int number, long launchedAt) : IDisposable
{
    private readonly CancellationTokenSource _ended = new();

    public ISuccessor Successor => successor;

    /// <summary>The generation that the successor is.</summary>
    public int Number => number;

    /// <summary>Timestamp of the launch.</summary>
    public long LaunchedAt => launchedAt;

    /// <summary>What it said on the ready pipe.</summary>
    public ReadyMessage? Ready { get; set; }

    /// <summary>The process that serves: its own word counts, should the command be a script that starts it.</summary>
    public int MainPid => Ready?.Pid ?? successor.Pid;

    public TimeSpan? ReadyAfter { get; set; }

    public IReadOnlyList<ListenSocket> Released { get; set; } = [];

    /// <summary>Set when nothing is left to finish.</summary>
    public DrainReport? Drain { get; set; }

    /// <summary>A trigger was passed on to it; if it dies, that is for the predecessor to run.</summary>
    public bool TriggerPassedOn { get; set; }

    /// <summary>It hands over or ends on purpose: its end is no reason to resume.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>The process that it handed over to.</summary>
    public Pidfd? Heir { get; set; }

    /// <summary>Cancelled when the attempt has failed or was rolled back.</summary>
    public CancellationToken Ended => _ended.Token;

    public void End() => _ended.Cancel();

    public void Dispose()
    {
        _ended.Dispose();
        Heir?.Dispose();
        successor.Dispose();
    }
}
