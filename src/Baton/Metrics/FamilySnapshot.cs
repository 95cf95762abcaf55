namespace Baton.Metrics;

/// <summary>What one family has come to at a moment.</summary>
internal sealed record FamilySnapshot(MetricFamily Family, IReadOnlyList<SeriesSnapshot> Series);

/// <param name="Labels">The values of the family's labels, in their order.</param>
/// <param name="Created">Since when it is counted.</param>
/// <param name="Values">One number, or a histogram's buckets, each for itself, and then its sum.</param>
internal sealed record SeriesSnapshot(IReadOnlyList<string> Labels, DateTimeOffset Created, IReadOnlyList<long> Values);
