namespace Baton.Tests.Clients;

/// <summary>The kinds of frames of RFC 6455, 11.8.</summary>
public enum WebSocketOpcode
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}
