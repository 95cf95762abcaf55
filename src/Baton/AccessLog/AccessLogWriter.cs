using Baton.Handover;
using Baton.Logs;
using Microsoft.Extensions.Logging;

namespace Baton.AccessLog;

/// <summary>The thread that writes the lines, a batch at a time. Trouble costs lines, which are counted, and never a request.</summary>
internal sealed class AccessLogWriter : IReopenable, IDisposable
{
    // Long enough for one write of many lines, short enough for somebody who follows the file.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMinutes(1);

    // For whoever reads the pipe to empty it.
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(5);

    private readonly Lock _writing = new();
    private readonly LineQueue _queue;
    private readonly Func<AppendedFile> _open;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private AppendedFile _file;
    private long _failed;
    private long _reported;
    private long _reportedAt;
    private bool _isTorn;
    private string? _trouble;

    /// <param name="queue">Where the lines come from.</param>
    /// <param name="file">Where they go; this object's from now on.</param>
    /// <param name="open">Opens that anew.</param>
    /// <param name="clock">For the times between two reports.</param>
    /// <param name="log">Is told of trouble.</param>
    public AccessLogWriter(LineQueue queue, AppendedFile file, Func<AppendedFile> open, TimeProvider clock, ILogger<AccessLogWriter> log)
    {
        (_queue, _file, _open, _clock, _log) = (queue, file, open, clock, log);
        _reportedAt = clock.GetTimestamp() - (long)(BetweenReports.TotalSeconds * clock.TimestampFrequency);
        _thread = new Thread(Run) { IsBackground = true, Name = "access log" };
        _thread.Start();
    }

    /// <summary>For whoever has a line.</summary>
    public LineQueue Queue => _queue;

    /// <summary>Lines that were not written: because too many were waiting, or because the file could not be written to.</summary>
    public long Lost => _queue.Dropped + Volatile.Read(ref _failed);

    public void Reopen()
    {
        var next = _open();
        lock (_writing)
        {
            _file.Dispose();
            _file = next;
            _isTorn = false;
        }
    }

    /// <summary>Writes what is waiting. To be called when no request is left.</summary>
    public void Dispose()
    {
        _queue.Close();
        if (!_thread.Join(LastFlush))
            _log.NotFlushed(LastFlush);
        else
            _file.Dispose();
    }

    private void Run()
    {
        while (_queue.Take(BetweenReports, Gathering, out var batch) is { } count)
        {
            if (count > 0)
                Write(batch);
            Report(isLast: false);
        }

        Report(isLast: true);
    }

    private void Write(ReadOnlySpan<byte> lines)
    {
        lock (_writing)
        {
            // Half a line stands at the end of the file, from when it was full.
            if (_isTorn && _file.Append("\n"u8).Failure is null)
                _isTorn = false;
            var (written, failure) = _file.Append(lines);
            if (failure is null)
            {
                if (_trouble is not null)
                    _log.WritesAgain(Volatile.Read(ref _failed));
                _trouble = null;
                return;
            }

            _isTorn |= written > 0 && lines[written - 1] != (byte)'\n';
            Interlocked.Add(ref _failed, lines[written..].Count((byte)'\n'));
            if (_trouble != failure) // Once, not with every batch.
                _log.NotWritten(failure);
            _trouble = failure;
        }
    }

    // The first at once, then together.
    private void Report(bool isLast)
    {
        var dropped = _queue.Dropped;
        if (dropped == _reported || (!isLast && _clock.GetElapsedTime(_reportedAt) < BetweenReports))
            return;
        _log.Dropped(dropped - _reported, dropped);
        (_reported, _reportedAt) = (dropped, _clock.GetTimestamp());
    }
}
