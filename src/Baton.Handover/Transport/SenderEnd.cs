namespace Baton.Handover.Transport;

/// <summary>Why nothing more is sent on a connection.</summary>
internal enum SenderEnd
{
    /// <summary>The server has written its last byte, and it was sent.</summary>
    Finished,

    /// <summary>It was asked to stop, and all that the server had written was sent.</summary>
    Stopped,

    /// <summary>The connection broke.</summary>
    Broken,
}
