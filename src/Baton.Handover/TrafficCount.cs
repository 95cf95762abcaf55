namespace Baton.Handover;

/// <summary>How much was done, up to a moment. Each number only grows.</summary>
public readonly record struct TrafficCount
{
    /// <summary>Connections that were accepted; one that has moved is counted where it was accepted.</summary>
    public long Connections { get; init; }

    /// <summary>Requests that were answered with 1xx: those that have become tunnels, when they have ended.</summary>
    public long Informational { get; init; }

    /// <summary>Requests that were answered with 2xx.</summary>
    public long Successful { get; init; }

    /// <summary>Requests that were answered with 3xx.</summary>
    public long Redirected { get; init; }

    /// <summary>Requests that were answered with 4xx.</summary>
    public long ClientErrors { get; init; }

    /// <summary>Requests that were answered with 5xx.</summary>
    public long Answered5xx { get; init; }

    /// <summary>Requests whose client was gone before there was an answer.</summary>
    public long Aborted { get; init; }

    /// <summary>Requests that failed at a destination; most of them are answered with 5xx and counted there too.</summary>
    public long UpstreamFailures { get; init; }

    /// <summary>Requests that were answered, with whatever status.</summary>
    public long Answered => Informational + Successful + Redirected + ClientErrors + Answered5xx;

    /// <summary>What has come since an earlier moment.</summary>
    public TrafficCount Since(TrafficCount earlier) => With(earlier, static (now, then) => now - then);

    internal TrafficCount Plus(TrafficCount other) => With(other, static (one, two) => one + two);

    /// <summary>Of each number the higher one.</summary>
    internal TrafficCount AtLeast(TrafficCount other) => With(other, Math.Max);

    private TrafficCount With(TrafficCount other, Func<long, long, long> combine) => new()
    {
        Connections = combine(Connections, other.Connections),
        Informational = combine(Informational, other.Informational),
        Successful = combine(Successful, other.Successful),
        Redirected = combine(Redirected, other.Redirected),
        ClientErrors = combine(ClientErrors, other.ClientErrors),
        Answered5xx = combine(Answered5xx, other.Answered5xx),
        Aborted = combine(Aborted, other.Aborted),
        UpstreamFailures = combine(UpstreamFailures, other.UpstreamFailures),
    };
}
