namespace Baton.Tests.Clients;

/// <summary>What a connection looks like while nothing is asked on it.</summary>
public enum IdleState
{
    Open,

    /// <summary>The server sent a FIN.</summary>
    Closed,

    /// <summary>The server sent a RST.</summary>
    Reset,

    /// <summary>The server sent bytes that nobody asked for.</summary>
    Unasked,
}
