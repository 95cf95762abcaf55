using Baton.Handover.Processes;
using Baton.Handover.Sockets;

namespace Baton.Handover;

/// <summary>One upgrade under way, seen from the predecessor: the successor and what is known of it.</summary>
internal sealed class UpgradeAttempt : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _resumed = new();
    private readonly CancellationTokenSource _tailOver = new();

    public UpgradeAttempt(ISuccessor successor, int number, long launchedAt)
    {
        Successor = successor;
        Number = number;
        LaunchedAt = launchedAt;
        Ended = _ended.Token;
        Resumed = _resumed.Token;
        TailOver = _tailOver.Token;
    }

    public ISuccessor Successor { get; }

    /// <summary>The generation that the successor is.</summary>
    public int Number { get; }

    /// <summary>Timestamp of the launch.</summary>
    public long LaunchedAt { get; }

    /// <summary>Held from the moment at which a state is saved until it is sent: what arrives last must be the latest.</summary>
    public SemaphoreSlim Telling { get; } = new(1);

    /// <summary>What it said on the ready pipe.</summary>
    public ReadyMessage? Ready { get; private set; }

    /// <summary>The way of connections to it; null until it is ready.</summary>
    public Passage? Passage { get; private set; }

    /// <summary>The process that serves: its own word counts, should the command be a script that starts it.</summary>
    public int MainPid => Ready?.Pid ?? Successor.Pid;

    public TimeSpan? ReadyAfter { get; set; }

    public IReadOnlyList<ListenSocket> Released { get; set; } = [];

    /// <summary>How the predecessor answered before the takeover.</summary>
    public TrafficFigures? Before { get; set; }

    /// <summary>How the successor has answered.</summary>
    public TrafficFigures? After { get; set; }

    /// <summary>Whether somebody has answered on every listener since the takeover.</summary>
    public bool IsProbed { get; set; }

    /// <summary>Whether the time of its probation is over; it may still have to answer a probe.</summary>
    public bool HasServedItsTime { get; set; }

    /// <summary>Set when nothing is left to finish.</summary>
    public DrainReport? Drain { get; set; }

    /// <summary>It was sent the report of the upgrade; what is left to tell is what this generation's own predecessor still does.</summary>
    public bool IsReported { get; set; }

    /// <summary>A trigger was passed on to it; if it dies, that is for the predecessor to run.</summary>
    public bool TriggerPassedOn { get; set; }

    /// <summary>It hands over or ends on purpose: its end is no reason to resume.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>The process that it handed over to.</summary>
    public Pidfd? Heir { get; set; }

    /// <summary>Cancelled when this generation accepts again.</summary>
    public CancellationToken Resumed { get; }

    /// <summary>Cancelled when nothing is to be heard from the successor any more.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Cancelled when this generation's own predecessor has nothing more to pass on, or is not waited for any longer.</summary>
    public CancellationToken TailOver { get; }

    public void BecomeReady(ReadyMessage message)
    {
        Ready = message;
        Passage = new Passage(Successor, message.Adopts ?? []);
    }

    /// <summary>This generation accepts again; what is on its way to the successor is still answered.</summary>
    public void Resume() => _resumed.Cancel();

    public void EndTail() => _tailOver.Cancel();

    public void Dispose()
    {
        Passage?.Close();
        _resumed.Cancel();
        _ended.Cancel(); // Who still reads from the successor stops before what it reads from is gone.
        _ended.Dispose();
        _resumed.Dispose();
        _tailOver.Dispose();
        // Not Telling, which somebody may just hold: it holds nothing itself.
        Heir?.Dispose();
        Successor.Dispose();
    }
}
