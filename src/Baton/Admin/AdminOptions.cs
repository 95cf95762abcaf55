using System.Net;

namespace Baton.Admin;

/// <summary>The section <c>Baton:Admin</c>.</summary>
internal sealed class AdminOptions
{
    /// <summary>In place of a path: there is no admin socket.</summary>
    public const string None = "none";

    private const int LeastTokenLength = 16;
    private const int MostTokenLength = 1024;

    /// <summary>
    /// Absolute path of the admin socket, or "none". Default: null, a path that follows from where the daemon runs and from its
    /// configuration file; see <see cref="AdminPaths"/>.
    /// </summary>
    public string? Socket { get; set; }

    /// <summary>
    /// Where the admin interface listens on TCP as well, as in "127.0.0.1:9901". Anything but loopback needs a
    /// <see cref="Token"/>. Default: null, nowhere.
    /// </summary>
    public string? Address { get; set; }

    /// <summary>
    /// What requests on <see cref="Address"/> must carry as <c>Authorization: Bearer</c>; 16 to 1024 printable ASCII characters
    /// without spaces. The socket needs none: its mode is its protection. Default: null, none.
    /// </summary>
    public string? Token { get; set; }

    public IEnumerable<string> Validate()
    {
        if (Socket is not null and not None && !Path.IsPathRooted(Socket))
            yield return $"Admin:Socket is '{Socket}', but it must be an absolute path, \"{None}\" for no admin socket, or null for the usual path.";
        if (Token is not null && !(Token.Length is >= LeastTokenLength and <= MostTokenLength && Token.All(character => character is > ' ' and <= '~')))
            yield return $"Admin:Token has {Token.Length} characters, but it must have {LeastTokenLength} to {MostTokenLength}, printable ASCII without spaces: it can be guessed as fast as the network answers. Make one with: openssl rand -hex 32";
        if (Address is null)
            yield break;

        if (ParseAddress(Address) is not { } endPoint)
            yield return $"Admin:Address is '{Address}', but it must be an IP address and a port, as in \"127.0.0.1:9901\" or \"[::1]:9901\", or null for none.";
        else if (Token is null && !IPAddress.IsLoopback(endPoint.Address))
            yield return $"Admin:Address is '{Address}', which is not loopback: whoever reaches it could upgrade or drain this daemon. Set Baton:Admin:Token, or listen on \"127.0.0.1:{endPoint.Port}\".";
    }

    /// <summary>
    /// Null if it is none. Port 0 is none: a listener is handed over by the address in the configuration, and a public endpoint
    /// with port 0 would have the same.
    /// </summary>
    public static IPEndPoint? ParseAddress(string address) =>
        IPEndPoint.TryParse(address, out var endPoint) && endPoint.Port > 0 && endPoint.ToString() == address ? endPoint : null;
}
