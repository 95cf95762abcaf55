using System.Net;
using System.Net.Sockets;
using Baton.Handover.Hosting;
using Baton.Handover.Transport;
using Xunit;

namespace Baton.Handover.Tests.Transport;

/// <summary>What goes with a connection that moves.</summary>
public sealed class ConnectionFormatTests
{
    [Fact]
    public async Task Id_times_counts_and_what_a_PROXY_header_has_said_arrive_and_what_the_socket_tells_is_left_to_it()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await far.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndPoint!).Port, TestContext.Current.CancellationToken);
        var history = new ConnectionHistory
        {
            Id = "1a-2",
            AcceptedAt = DateTimeOffset.UnixEpoch,
            Moves = 3,
            Requests = 4,
            BytesReceived = 5,
            BytesSent = 6,
            RemoteEndPoint = new IPEndPoint(IPAddress.Parse("2001:db8::1"), 7),
            LocalEndPoint = far.LocalEndPoint,
        };

        var passed = ConnectionFormat.Write(history, "127.0.0.1:80", far);
        Assert.Equal("127.0.0.1:80", passed.Listener);
        Assert.Equal(history with { Moves = 4, LocalEndPoint = null }, ConnectionFormat.Read(passed));
    }
}
