namespace Baton.Handover;

/// <summary>How a generation has answered in a span of time.</summary>
/// <param name="Answered">Requests that were answered, with whatever status.</param>
/// <param name="Answered5xx">Those of them with a 5xx.</param>
/// <param name="UpstreamFailures">Requests that failed at a destination; most of them were answered with a 5xx.</param>
/// <param name="PeakAccepts">The most connections that were accepted within one second.</param>
public sealed record TrafficFigures(long Answered, long Answered5xx, long UpstreamFailures, long PeakAccepts);
