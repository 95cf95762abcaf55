using System.Net.Sockets;
using System.Text;

namespace Baton.Systemd;

/// <summary>Sends notifications to systemd; sd_notify(3). Each call is one datagram, because MAINPID= has to travel alone.</summary>
internal sealed class SystemdNotifier
{
    private readonly UnixDomainSocketEndPoint _endPoint;

    private SystemdNotifier(string socket) =>
        _endPoint = new UnixDomainSocketEndPoint(socket[0] == '@' ? '\0' + socket[1..] : socket); // '@': abstract; unix(7).

    /// <summary>Null where no service manager waits for notifications.</summary>
    /// <param name="socket">The value of NOTIFY_SOCKET.</param>
    public static SystemdNotifier? For(string? socket) => string.IsNullOrEmpty(socket) ? null : new SystemdNotifier(socket);

    public async ValueTask SendAsync(params string[] assignments)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        await socket.SendToAsync(Encoding.UTF8.GetBytes(string.Join('\n', assignments)), _endPoint);
    }
}
