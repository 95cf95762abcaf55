using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Baton.Bench.Peers;

/// <summary>What one proxy is told: its own directory, ports of its own, and where the backends are.</summary>
internal sealed record Site(string Directory, int BackendA, int BackendB, int Echo)
{
    public int Plain { get; init; } = FreePort();

    public int Tls { get; init; } = FreePort();

    public int Admin { get; init; } = FreePort();

    public string Address(string scheme, string path) =>
        string.Create(CultureInfo.InvariantCulture, $"{scheme}://127.0.0.1:{(scheme == Uri.UriSchemeHttps ? Tls : Plain)}{path}");

    /// <summary>Writes a file of the folder Sites into the directory, with every @NAME@ filled in.</summary>
    /// <returns>Where it is.</returns>
    public string Write(string file, params (string Name, string Value)[] values)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sites", file));
        (string Name, string Value)[] own =
        [
            .. values, ("DIRECTORY", Directory), ("PLAIN", Text(Plain)), ("TLS", Text(Tls)), ("ADMIN", Text(Admin)),
            ("BACKEND_A", Text(BackendA)), ("BACKEND_B", Text(BackendB)), ("ECHO", Text(Echo)),
        ];
        foreach (var (name, value) in own)
            text = text.Replace($"@{name}@", value, StringComparison.Ordinal);

        // Put in place of the old one: who watches the file never sees half of it.
        var path = Path.Combine(Directory, file);
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
        return path;
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
