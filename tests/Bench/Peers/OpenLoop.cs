using System.Diagnostics;
using System.Net;

namespace Baton.Bench.Peers;

/// <summary>
/// A client that sends at fixed times, whatever becomes of the answers, on connections taken in turns. A latency counts from the
/// time at which the request was due, so that a proxy that stops for a moment pays for all whom it lets wait. One thread does all
/// of it, and allocates nothing once it runs. It stands for machines elsewhere, so it waits for no processor where it may.
/// </summary>
internal sealed class OpenLoop : IDisposable
{
    private const int Connections = 64;
    private const int MostConnections = 1024;
    private const int MostAttempts = 3;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private readonly IPEndPoint _proxy;
    private readonly Peer _peer;
    private readonly long _interval;
    private readonly Sample[] _samples;
    private readonly int _epoll = Native.Check(Native.EpollCreate(0), "epoll_create1");
    private readonly List<OpenLoopConnection> _connections = new(MostConnections);
    private readonly Queue<OpenLoopConnection> _free = new(MostConnections);
    private readonly Queue<int> _waiting = new();
    private readonly Native.EpollEvent[] _events = new Native.EpollEvent[256];
    private int _open;
    private int _finished;
    private volatile bool _stopping;

    /// <param name="process">What is asked.</param>
    /// <param name="perSecond">Requests per second.</param>
    /// <param name="longest">When it stops even if nobody asks for that.</param>
    public OpenLoop(PeerProcess process, double perSecond, TimeSpan longest)
    {
        _proxy = new IPEndPoint(IPAddress.Loopback, process.Site.Plain);
        _peer = process.Peer;
        _interval = (long)(Stopwatch.Frequency / perSecond);
        _samples = new Sample[(int)(longest.TotalSeconds * perSecond)];
        for (var i = 0; i < Connections; i++)
            _free.Enqueue(Connect());
    }

    /// <summary>Requests that were sent again because a connection that had been idle turned out to be closed.</summary>
    public int Retries { get; private set; }

    /// <summary>Sends no more; <see cref="Run"/> returns when all is answered.</summary>
    public void Stop() => _stopping = true;

    /// <summary>Sends until it is stopped; what has no answer ten seconds later is left with none.</summary>
    /// <returns>The requests that were sent.</returns>
    public Sample[] Run()
    {
        _ = Native.TryGoFirst();
        var start = Stopwatch.GetTimestamp();
        var sent = 0;
        while (!_stopping && sent < _samples.Length)
        {
            for (; sent < _samples.Length && Due(sent) <= Stopwatch.GetTimestamp(); sent++)
            {
                _samples[sent].Due = Due(sent);
                Dispatch(sent);
            }

            Wait(Due(sent));
        }

        var end = Stopwatch.GetTimestamp() + (long)(AnswerTimeout.TotalSeconds * Stopwatch.Frequency);
        while (_finished < sent && Stopwatch.GetTimestamp() < end)
            Wait(end);
        return _samples[..sent];

        long Due(int index) => start + (index * _interval);
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
            connection.Dispose();
        _ = Native.Close(_epoll);
    }

    private OpenLoopConnection Connect()
    {
        var connection = new OpenLoopConnection(_proxy);
        var one = new Native.EpollEvent { Events = Native.EPOLLIN | Native.EPOLLRDHUP, Index = _connections.Count };
        Native.Check(Native.EpollControl(_epoll, Native.EPOLL_CTL_ADD, connection.Descriptor, ref one), "epoll_ctl");
        _connections.Add(connection);
        _open++;
        return connection;
    }

    private void Dispatch(int index)
    {
        // Sent again, it goes out on a new connection: the proxy may have closed all the others at once.
        OpenLoopConnection? connection = null;
        while (connection is null && _samples[index].Attempts == 0 && _free.TryDequeue(out var free))
            connection = free.IsClosed ? null : free;
        if (connection is null && _open >= MostConnections)
        {
            _waiting.Enqueue(index);
            return;
        }

        connection ??= Connect();
        ref var sample = ref _samples[index];
        if (sample.Attempts++ == 0)
            sample.Sent = Stopwatch.GetTimestamp();
        if (!connection.TrySend(index))
            Lost(connection);
    }

    private void Wait(long until)
    {
        var left = Math.Max(0, until - Stopwatch.GetTimestamp());
        var timeout = new Native.TimeSpec(left / Stopwatch.Frequency, left % Stopwatch.Frequency * (1_000_000_000 / Stopwatch.Frequency));
        var count = Native.EpollWait(_epoll, _events, _events.Length, timeout, IntPtr.Zero);
        for (var i = 0; i < count; i++)
            Read(_connections[_events[i].Index]);
    }

    private void Read(OpenLoopConnection connection)
    {
        if (connection.IsClosed)
            return;
        if (!connection.TryReceive())
        {
            Lost(connection);
            return;
        }

        if (connection.Answer() is not { IsEmpty: false } head)
            return;
        ref var sample = ref _samples[connection.Request];
        sample.Done = Stopwatch.GetTimestamp();
        sample.Failed = !head.StartsWith("HTTP/1.1 200 "u8);
        sample.IsEven = !sample.Failed && _peer.IsEven(head);
        _finished++;
        connection.Finish();
        if (connection.IsClosed)
            _open--;
        else
            _free.Enqueue(connection);
        if (_waiting.TryDequeue(out var index))
            Dispatch(index);
    }

    // A client may send a request again if its connection was used before and ends without a byte of an answer: RFC 9112, 9.3.1.
    private void Lost(OpenLoopConnection connection)
    {
        var index = connection.Request;
        var mayRetry = connection.IsEmpty;
        connection.Dispose();
        _open--;
        if (index < 0)
            return;
        if (mayRetry && _samples[index].Attempts < MostAttempts)
        {
            Retries++;
            Dispatch(index);
            return;
        }

        _samples[index].Done = Stopwatch.GetTimestamp();
        _samples[index].Failed = true;
        _finished++;
    }
}
