namespace Baton.Requests;

/// <summary>Why a request ended.</summary>
internal enum RequestEnd
{
    /// <summary>It was answered completely, or its tunnel has ended or moved to the successor.</summary>
    Completed,

    /// <summary>The client was gone before that.</summary>
    ClientGone,

    /// <summary>No destination of the cluster could be asked.</summary>
    NoDestination,

    /// <summary>The destination could not be reached, or broke off.</summary>
    UpstreamFailed,

    /// <summary>The destination, or the whole request, took longer than the configuration allows.</summary>
    TimedOut,

    /// <summary>The deadline of a drain ended it.</summary>
    Cut,

    /// <summary>It failed in this process.</summary>
    Failed,
}
