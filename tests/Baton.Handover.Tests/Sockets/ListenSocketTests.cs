using System.Net;
using System.Net.Sockets;
using Baton.Handover.Native;
using Baton.Handover.Sockets;
using Xunit;

namespace Baton.Handover.Tests.Sockets;

/// <summary>A listener that two owners share: what one of them does must not be felt by the other.</summary>
public sealed class ListenSocketTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pausing_and_closing_one_copy_leaves_the_other_without_linger_and_with_its_queue()
    {
        var first = ListenSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), new UnixSocketOptions());
        using var second = ListenSocket.Adopt(DescriptorHandle.Duplicate(first.Fd, atLeast: 3), first.Address);
        using (var paused = new CancellationTokenSource())
        {
            var accept = first.AcceptAsync(paused.Token).AsTask();
            await paused.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accept);
        }

        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(first.LocalEndPoint, Token);
        first.Dispose();

        Assert.True(second.HasQueued);
        using var accepted = await second.AcceptAsync(Token);
        Assert.False(accepted.LingerState!.Enabled);
        await client.SendAsync("x"u8.ToArray(), Token);
        Assert.Equal(1, await accepted.ReceiveAsync(new byte[8], Token));
    }

    [Fact]
    public void Something_that_does_not_listen_is_not_adopted()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var fd = DescriptorHandle.Duplicate((int)socket.SafeHandle.DangerousGetHandle(), atLeast: 3);
        Assert.Throws<HandoverException>(() => ListenSocket.Adopt(fd, ListenAddress.FromText("127.0.0.1:0")));
    }

    [Fact]
    public void A_file_is_not_adopted()
    {
        using var file = File.OpenHandle("/dev/null");
        var fd = DescriptorHandle.Duplicate((int)file.DangerousGetHandle(), atLeast: 3);
        Assert.Throws<HandoverException>(() => ListenSocket.Adopt(fd, ListenAddress.FromText("127.0.0.1:0")));
    }

    [Fact]
    public void Two_endpoints_on_port_0_get_a_listener_each_and_find_it_again()
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, 0);
        using var before = new ListenSockets([]);
        var ports = new[] { before.AdoptOrBind(endPoint, new()), before.AdoptOrBind(endPoint, new()) }.Select(listener => listener.LocalEndPoint.ToString()).ToList();

        using var after = new ListenSockets([.. before.Open.Select(listener => ListenSocket.Adopt(DescriptorHandle.Duplicate(listener.Fd, atLeast: 3), listener.Address))]);
        var again = new[] { after.AdoptOrBind(endPoint, new()), after.AdoptOrBind(endPoint, new()) }.Select(listener => listener.LocalEndPoint.ToString()).ToList();
        Assert.Equal(ports, again);
        Assert.Empty(after.Unclaimed);
    }

    [Fact]
    public void The_wildcard_listens_on_ipv4_too()
    {
        using var listener = ListenSocket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0), new UnixSocketOptions());
        using var client = new TcpClient(AddressFamily.InterNetwork);
        client.Connect(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndPoint).Port);
        Assert.True(listener.HasQueued);
    }
}
