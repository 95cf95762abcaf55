namespace Baton.AccessLog;

/// <summary>
/// Lines on their way from the requests to the thread that writes them: one buffer that is filled while another is written.
/// It is bounded; who puts a line in never waits, and what has no room is counted.
/// </summary>
internal sealed class LineQueue(int mostLines)
{
    private const int UsualLine = 512;
    private const int LongestLine = 256 * 1024; // Every text of a line at its longest, escaped.

    private readonly object _lock = new();
    private readonly int _mostBytes = Math.Max(mostLines * UsualLine, LongestLine);
    private byte[] _filling = new byte[UsualLine];
    private byte[] _other = new byte[UsualLine];
    private int _length;
    private int _lines;
    private long _dropped;
    private bool _closed;

    /// <summary>Lines that had no room so far.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public void Add(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            if (_closed || _lines >= mostLines || _length + line.Length > _mostBytes)
            {
                _dropped++;
                return;
            }

            if (_filling.Length - _length < line.Length)
                Array.Resize(ref _filling, Math.Min(_mostBytes, Math.Max(2 * _filling.Length, _length + line.Length)));
            line.CopyTo(_filling.AsSpan(_length));
            _length += line.Length;
            if (++_lines == 1 || _lines == mostLines / 2)
                Monitor.Pulse(_lock); // Those between need not: the writer is gathering them.
        }
    }

    /// <summary>Takes what is there, waiting for it, then once more for <paramref name="gathering"/>, so that many lines are one write.</summary>
    /// <param name="patience">How long to wait for the first line.</param>
    /// <param name="gathering">How long a line may wait for others.</param>
    /// <param name="batch">Whole lines, valid until the next call.</param>
    /// <returns>How many lines; null when the queue is closed and empty.</returns>
    public int? Take(TimeSpan patience, TimeSpan gathering, out ReadOnlySpan<byte> batch)
    {
        lock (_lock)
        {
            if (_lines == 0 && !_closed)
                Monitor.Wait(_lock, patience);
            if (_lines > 0 && !_closed)
                Monitor.Wait(_lock, gathering);
            batch = _filling.AsSpan(0, _length);
            var count = _lines;
            (_filling, _other) = (_other, _filling);
            (_length, _lines) = (0, 0);
            return count == 0 && _closed ? null : count;
        }
    }

    /// <summary>Nothing comes any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }
}
