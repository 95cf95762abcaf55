namespace Baton.Canary;

/// <summary>What canaries ask for, below a prefix that RFC 8615 keeps for such things, and the header that they prove themselves with.</summary>
internal static class CanaryPaths
{
    public const string Header = "Baton-Canary";
    public const string Prefix = "/.well-known/baton/canary";

    /// <summary>GET: answered with its last segment and the generation.</summary>
    public const string Echo = Prefix + "/echo/";

    /// <summary>POST: answered with the length of the body and the generation.</summary>
    public const string Upload = Prefix + "/upload";

    /// <summary>A WebSocket: each message is answered with itself and the generation.</summary>
    public const string Socket = Prefix + "/socket";
}
