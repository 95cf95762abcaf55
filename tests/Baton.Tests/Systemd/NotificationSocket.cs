using System.Net.Sockets;
using System.Text;

namespace Baton.Tests.Systemd;

/// <summary>The receiving end of sd_notify(3), in systemd's place.</summary>
internal sealed class NotificationSocket : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("baton-notify-").FullName;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public NotificationSocket()
    {
        Path = System.IO.Path.Combine(_directory, "notify");
        _socket.Bind(new UnixDomainSocketEndPoint(Path));
    }

    public string Path { get; }

    private readonly List<string> _stored = [];

    /// <summary>Waits until this many datagrams for the fd store have come since it was last asked, and returns them.</summary>
    public async Task<IReadOnlyList<string>> ReceiveStoredAsync(int count, CancellationToken cancellation)
    {
        while (_stored.Count < count)
            await ReceiveUntilAsync("FDSTORE=1", cancellation);
        string[] stored = [.. _stored];
        _stored.Clear();
        return stored;
    }

    /// <summary>Receives datagrams up to and including the first that contains <paramref name="text"/>; those for the fd store are kept apart.</summary>
    public async Task<IReadOnlyList<string>> ReceiveUntilAsync(string text, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        var received = new List<string>();
        var buffer = new byte[4096];
        while (true)
        {
            var datagram = Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, SocketFlags.None, deadline.Token));
            (datagram.StartsWith("FDSTORE", StringComparison.Ordinal) ? _stored : received).Add(datagram);
            if (datagram.Contains(text, StringComparison.Ordinal))
                return received;
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
