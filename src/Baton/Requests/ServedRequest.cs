namespace Baton.Requests;

/// <summary>
/// What is known of one request to the proxy: filled in while it is answered, complete when its observers are told. It is a
/// feature of the request, so that whoever forwards it can say what came of that.
/// </summary>
internal sealed class ServedRequest
{
    /// <summary>When its head had been read.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From then until the last byte of the answer was written, or until a tunnel has ended.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>The status of the answer; what the server answers by itself where nothing else did; 499 if the client was gone before there was one.</summary>
    public int Status { get; set; }

    /// <summary>The id of the route; null if none matched.</summary>
    public string? Route { get; set; }

    /// <summary>The id of the cluster; null if it was not forwarded.</summary>
    public string? Cluster { get; set; }

    /// <summary>The id of the destination that was asked last; null if none was.</summary>
    public string? Destination { get; set; }

    /// <summary>Bytes of the body that were read from the client, or that came from it through a tunnel while that was here.</summary>
    public long BytesIn { get; set; }

    /// <summary>Bytes of the body that were written to the client, those of a tunnel included.</summary>
    public long BytesOut { get; set; }

    /// <summary>From sending the request to the destination until the head of its answer; null if there was none. After retries of the last.</summary>
    public TimeSpan? UpstreamTime { get; set; }

    /// <summary>How often it was sent to another destination after one could not be connected to.</summary>
    public int Retries { get; set; }

    /// <summary>Why it ended.</summary>
    public RequestEnd End { get; set; }
}
