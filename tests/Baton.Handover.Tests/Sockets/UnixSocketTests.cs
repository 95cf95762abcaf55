using System.Net.Sockets;
using Baton.Handover.Sockets;
using Xunit;

namespace Baton.Handover.Tests.Sockets;

/// <summary>Unix-domain listeners: their file's mode and owner, and whose file may be replaced.</summary>
[Collection("One after the other")] // A process that is being started holds every descriptor until its exec, listeners too.
public sealed class UnixSocketTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("baton-unix-").FullName;

    private string FilePath => Path.Combine(_directory, "a.sock");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("0600", UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData("0666", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)]
    public void The_file_has_the_mode_whatever_the_umask(string mode, UnixFileMode expected)
    {
        using var listener = Bind(new UnixSocketOptions { Mode = mode });
        Assert.Equal(expected, File.GetUnixFileMode(FilePath));
    }

    [Fact]
    public void An_owner_that_does_not_exist_is_named()
    {
        var failure = Assert.Throws<HandoverException>(() => Bind(new UnixSocketOptions { Owner = "nobody-like-this" }));
        Assert.Contains("nobody-like-this", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Owner_and_group_are_taken_by_name_and_by_number()
    {
        using var listener = Bind(new UnixSocketOptions { Owner = Environment.UserName, Group = "0" });
        Assert.True(File.Exists(FilePath));
    }

    [Fact]
    public void A_stale_file_is_replaced()
    {
        Bind(new UnixSocketOptions()).Dispose();
        Assert.True(File.Exists(FilePath));
        using var listener = Bind(new UnixSocketOptions());
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(FilePath));
    }

    [Fact]
    public void A_file_that_somebody_listens_on_is_left_alone()
    {
        using var other = Bind(new UnixSocketOptions());
        Assert.Contains("another process listens", Assert.Throws<HandoverException>(() => Bind(new UnixSocketOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_socket_is_left_alone()
    {
        File.WriteAllText(FilePath, "precious");
        Assert.Throws<HandoverException>(() => Bind(new UnixSocketOptions()));
        Assert.Equal("precious", File.ReadAllText(FilePath));
    }

    [Fact]
    public void The_file_goes_with_the_last_owner_and_stays_for_a_successor()
    {
        var sockets = new ListenSockets([]);
        sockets.AdoptOrBind(new UnixDomainSocketEndPoint(FilePath), new UnixSocketOptions());
        sockets.Close(_ => false);
        Assert.True(File.Exists(FilePath));

        sockets = new ListenSockets([]);
        sockets.AdoptOrBind(new UnixDomainSocketEndPoint(FilePath), new UnixSocketOptions());
        sockets.Close(_ => true);
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void When_a_start_has_failed_the_file_of_one_that_was_bound_goes_and_that_of_one_that_was_given_stays()
    {
        var given = FilePath + ".given";
        using var owner = ListenSocket.Bind(new UnixDomainSocketEndPoint(given), new UnixSocketOptions());
        var sockets = new ListenSockets([ListenSocket.Adopt(Native.DescriptorHandle.Duplicate(owner.Fd, 3), owner.Address)]);
        sockets.AdoptOrBind(new UnixDomainSocketEndPoint(given), new UnixSocketOptions());
        sockets.AdoptOrBind(new UnixDomainSocketEndPoint(FilePath), new UnixSocketOptions());
        sockets.BindAhead(new UnixDomainSocketEndPoint(FilePath + ".ahead"), new UnixSocketOptions());
        Assert.Equal([$"unix:{FilePath}"], sockets.BoundHere);
        owner.Dispose(); // So that nobody listens there any more.

        sockets.Dispose();
        Assert.Equal([given], Directory.GetFiles(Path.GetDirectoryName(FilePath)!, "*", SearchOption.TopDirectoryOnly));
    }

    [Fact]
    public void One_that_is_bound_ahead_keeps_its_own_mode_and_is_found_when_it_is_asked_for()
    {
        using var sockets = new ListenSockets([]);
        sockets.BindAhead(new UnixDomainSocketEndPoint(FilePath), new UnixSocketOptions { Mode = "0600" });
        var fd = Assert.Single(sockets.Unclaimed).Fd;
        sockets.BindAhead(new UnixDomainSocketEndPoint(FilePath), new UnixSocketOptions { Mode = "0666" }); // As if inherited.

        Assert.Equal(fd, sockets.AdoptOrBind(new UnixDomainSocketEndPoint(FilePath), new UnixSocketOptions()).Fd);
        Assert.Equal("600", Convert.ToString((int)File.GetUnixFileMode(FilePath), 8));
    }

    private ListenSocket Bind(UnixSocketOptions options) => ListenSocket.Bind(new UnixDomainSocketEndPoint(FilePath), options);
}
