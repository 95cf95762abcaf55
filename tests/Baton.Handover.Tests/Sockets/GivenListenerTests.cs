using System.Net;
using System.Net.Sockets;
using Baton.Handover.Processes;
using Baton.Handover.Sockets;
using Xunit;

namespace Baton.Handover.Tests.Sockets;

/// <summary>Listening sockets that whoever started the process has bound.</summary>
[Collection("One after the other")]
public sealed class GivenListenerTests : IDisposable
{
    private readonly Generation _generation = new(1, "1.0", default, null, [], new ProcessSignals());

    public void Dispose() => _generation.Dispose();

    [Fact]
    public void It_is_found_under_the_address_that_it_was_given_for()
    {
        var fd = Listening();
        Assert.StartsWith("127.0.0.1:", OpenListener.AddressOf(fd), StringComparison.Ordinal);
        Assert.True(_generation.AdoptListener(fd, "127.0.0.1:80"));
        Assert.Equal(fd, _generation.Listeners.AdoptOrBind(new IPEndPoint(IPAddress.Loopback, 80), new UnixSocketOptions()).Fd);
        Assert.Equal("127.0.0.1:80", Assert.Single(_generation.OpenListeners).Address);
    }

    [Fact]
    public void A_second_one_for_the_same_address_is_closed()
    {
        var (first, second) = (Listening(), Listening());
        var socket = SocketOf(second);
        Assert.True(_generation.AdoptListener(first, "127.0.0.1:80"));
        Assert.False(_generation.AdoptListener(second, "127.0.0.1:80"));
        Assert.NotEqual(socket, SocketOf(second));
        Assert.NotNull(SocketOf(first));
    }

    [Fact]
    public void A_unix_domain_listener_whose_file_is_gone_is_closed_since_nobody_can_connect_to_it()
    {
        var path = Path.GetTempFileName();
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        var fd = Detach(socket);
        File.Delete(path);
        Assert.False(_generation.AdoptListener(fd, $"unix:{path}"));
    }

    [Fact]
    public void What_is_no_listening_socket_is_refused_by_its_number()
    {
        var fd = Detach(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        Assert.Contains($"fd {fd} ", Assert.Throws<HandoverException>(() => _generation.AdoptListener(fd, "127.0.0.1:80")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_has_asked_for_is_let_go_of_and_named()
    {
        var fd = Listening();
        var socket = SocketOf(fd);
        Assert.True(_generation.AdoptListener(fd, "127.0.0.1:80"));
        _generation.SayReady();
        Assert.Equal(["127.0.0.1:80"], _generation.ReleasedListeners);
        Assert.NotEqual(socket, SocketOf(fd));
    }

    private static int Listening()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return Detach(socket);
    }

    // The number alone is another file's as soon as a test beside this one opens one.
    private static string? SocketOf(int fd) => new FileInfo($"/proc/self/fd/{fd}").LinkTarget;

    private static int Detach(Socket socket)
    {
        var fd = (int)socket.SafeHandle.DangerousGetHandle();
        socket.SafeHandle.SetHandleAsInvalid();
        GC.SuppressFinalize(socket);
        return fd;
    }
}
