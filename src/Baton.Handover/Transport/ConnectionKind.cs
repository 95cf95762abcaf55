namespace Baton.Handover.Transport;

/// <summary>What a client speaks, told from its first bytes: it decides how the connection is asked to leave.</summary>
internal enum ConnectionKind
{
    /// <summary>Nothing has arrived yet.</summary>
    Silent,

    /// <summary>HTTP/1.x, or something that the server will refuse.</summary>
    Http1,

    /// <summary>Cleartext HTTP/2 with prior knowledge; RFC 9113, 3.3.</summary>
    Http2,

    /// <summary>TLS: what is inside is the server's knowledge alone.</summary>
    Tls,
}
