using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Baton.Handover.Sockets;

namespace Baton.Systemd;

/// <summary>Sends notifications to systemd; sd_notify(3). Each call is one datagram, because MAINPID= has to travel alone.</summary>
internal sealed class SystemdNotifier
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(10);
    private const int Tries = 200;

    private readonly UnixDomainSocketEndPoint _endPoint;

    private SystemdNotifier(string socket) =>
        _endPoint = new UnixDomainSocketEndPoint(socket[0] == '@' ? '\0' + socket[1..] : socket); // '@': abstract; unix(7).

    /// <summary>Null where no service manager waits for notifications.</summary>
    /// <param name="socket">The value of NOTIFY_SOCKET.</param>
    public static SystemdNotifier? For(string? socket) => string.IsNullOrEmpty(socket) ? null : new SystemdNotifier(socket);

    public async ValueTask SendAsync(params string[] assignments)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        await socket.SendToAsync(Message(assignments), _endPoint);
    }

    /// <summary>Sends a copy of an open file with them.</summary>
    /// <exception cref="SocketException">systemd does not take it.</exception>
    public async ValueTask SendWithAsync(SafeHandle descriptor, params string[] assignments)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        await socket.ConnectAsync(_endPoint);
        for (var tries = 1; ; tries++)
        {
            var error = DescriptorDatagram.TrySend(socket, Message(assignments), descriptor);
            if (error == SocketError.Success)
                return;
            if (error != SocketError.WouldBlock || tries == Tries)
                throw new SocketException((int)error);
            await Task.Delay(BetweenTries);
        }
    }

    private static byte[] Message(string[] assignments) => Encoding.UTF8.GetBytes(string.Join('\n', assignments));
}
