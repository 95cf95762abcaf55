namespace Baton.Bench.Measuring;

/// <summary>What a client counted under saturation.</summary>
/// <param name="Requests">Answered requests.</param>
/// <param name="Seconds">The time that they took in all.</param>
public sealed record LoadResult(double Requests, double Seconds)
{
    public double PerSecond => Requests / Seconds;
}
