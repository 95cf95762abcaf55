using System.Diagnostics;
using Baton.Bench.Measuring;

namespace Baton.Bench.Peers;

/// <summary>The requests that were due within one second.</summary>
internal sealed class Window(IReadOnlyList<Sample> samples)
{
    private readonly Spread _latency = new(samples.Select(sample => Milliseconds(sample.Due, sample.Done)));
    private readonly Spread _lateness = new(samples.Select(sample => Milliseconds(sample.Due, sample.Sent)));

    /// <summary>In milliseconds.</summary>
    /// <param name="share">0.99 for that within which 99 % are answered.</param>
    public double Latency(double share) => _latency.At(share);

    /// <summary>How much later than due the client sent, in milliseconds.</summary>
    public double Lateness(double share) => _lateness.At(share);

    /// <summary>The window of one second from a time on.</summary>
    public static Window From(long start, Sample[] samples) => new([.. samples.Where(sample => sample.Due >= start && sample.Due < start + Stopwatch.Frequency)]);

    public static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;
}
