using System.Collections.Concurrent;

namespace Baton.Tests.Clients;

/// <summary>What one client saw; written to by all its lanes at once.</summary>
public sealed class ClientReport(string kind)
{
    /// <summary>A client that failed this often has shown what it can show, and ends.</summary>
    public const int MostFailures = 100;

    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly ConcurrentQueue<ClientFailure> _failures = [];
    private readonly ConcurrentDictionary<string, int> _ends = [];
    private int _answered;
    private int _connections;
    private int _closedWhileIdle;
    private int _askedToClose;
    private int _refused;
    private long _longest;

    public string Kind => kind;

    /// <summary>Requests, streams or messages that were answered in full, with the expected answer.</summary>
    public int Answered => Volatile.Read(ref _answered);

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Connections that ended with a FIN while nothing was asked on them; not a failure.</summary>
    public int ClosedWhileIdle => Volatile.Read(ref _closedWhileIdle);

    /// <summary>Responses with <c>Connection: close</c>, or GOAWAY frames, that the client obeyed.</summary>
    public int AskedToClose => Volatile.Read(ref _askedToClose);

    /// <summary>HTTP/2 streams that a GOAWAY refused, where the test does not call that a failure.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>The longest time from the first byte of a request to the last of its answer.</summary>
    public TimeSpan LongestAnswer => TimeSpan.FromTicks(Volatile.Read(ref _longest));

    /// <summary>How WebSocket and HTTP/2 connections ended, in words, and how many did.</summary>
    public IReadOnlyDictionary<string, int> Ends => _ends;

    public IReadOnlyCollection<ClientFailure> Failures => _failures;

    public bool GaveUp => _failures.Count >= MostFailures;

    public override string ToString() =>
        $"{Kind}: {Answered} answered on {Connections} connections, {AskedToClose} asked to close, {ClosedWhileIdle} closed while idle, "
        + $"longest answer {LongestAnswer.TotalMilliseconds:0} ms, {_failures.Count} failures"
        + string.Concat(_ends.Select(end => $"; {end.Value} × {end.Key}"));

    /// <summary>Counts a connection and returns its number.</summary>
    internal int CountConnection() => Interlocked.Increment(ref _connections);

    internal void CountAnswer(TimeSpan took)
    {
        Interlocked.Increment(ref _answered);
        for (var longest = Volatile.Read(ref _longest); took.Ticks > longest; longest = Volatile.Read(ref _longest))
            Interlocked.CompareExchange(ref _longest, took.Ticks, longest);
    }

    internal void CountClosedWhileIdle() => Interlocked.Increment(ref _closedWhileIdle);

    internal void CountAskedToClose() => Interlocked.Increment(ref _askedToClose);

    internal void CountRefused() => Interlocked.Increment(ref _refused);

    internal void CountEnd(string how) => _ends.AddOrUpdate(how, 1, static (_, count) => count + 1);

    internal void Fail(int connection, int request, string tried, string happened) =>
        _failures.Enqueue(new ClientFailure(Kind, connection, request, tried, happened, TimeProvider.System.GetElapsedTime(_start)));
}
