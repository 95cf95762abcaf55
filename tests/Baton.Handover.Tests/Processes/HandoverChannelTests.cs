using System.Net.Sockets;
using Baton.Handover.Native;
using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Processes;

/// <summary>Messages with open files between two ends in one process.</summary>
[Collection("One after the other")] // A process that is being started holds every descriptor until its exec: an end that is gone is not, then.
public sealed class HandoverChannelTests : IDisposable
{
    private readonly HandoverChannel _ours;
    private readonly HandoverChannel _theirs;

    public HandoverChannelTests()
    {
        var (ours, theirs) = SocketCalls.Pair();
        (_ours, _theirs) = (new HandoverChannel(ours), new HandoverChannel(theirs));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_open_file_arrives_as_another_descriptor_for_the_same_file()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.In);
        int[] fds = [(int)pipe.ClientSafePipeHandle.DangerousGetHandle()];
        Assert.True(await _ours.SendAsync(new ChannelMessage(ChannelMessage.Connections) { Number = 7 }, fds, Token));

        var message = (await _theirs.ReceiveAsync(Token))!;
        Assert.Equal(7, message.Number);
        var descriptor = Assert.Single(message.Descriptors);
        Assert.NotEqual(fds[0], descriptor.Fd);
        using (var write = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor.Release(), ownsHandle: true), FileAccess.Write))
            write.Write("x"u8);
        Assert.Equal('x', pipe.ReadByte());
    }

    [Fact]
    public async Task As_many_as_fit_into_one_message_arrive_in_order_and_are_closed_together()
    {
        var sockets = Enumerable.Range(0, DescriptorPassing.MaxDescriptors).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToList();
        int[] fds = [.. sockets.Select(socket => (int)socket.SafeHandle.DangerousGetHandle())];
        await _ours.SendAsync(new ChannelMessage(ChannelMessage.Connections), fds, Token);

        var message = (await _theirs.ReceiveAsync(Token))!;
        Assert.Equal(fds.Select(Target), message.Descriptors.Select(descriptor => Target(descriptor.Fd)));
        message.Drop();
        Assert.All(message.Descriptors, descriptor => Assert.True(descriptor.IsClosed));
        sockets.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Garbage_is_passed_over_and_what_came_with_it_is_closed()
    {
        var (ours, theirs) = SocketCalls.Pair();
        using var channel = new HandoverChannel(theirs);
        using (ours)
        using (var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.In))
        {
            Assert.Equal(SocketError.Success, DescriptorPassing.TrySend(ours, "not json"u8, [(int)pipe.ClientSafePipeHandle.DangerousGetHandle()]));
            Assert.Equal(SocketError.Success, DescriptorPassing.TrySend(ours, """{"kind":"proven"}"""u8, []));
            pipe.DisposeLocalCopyOfClientHandle();

            Assert.Equal(ChannelMessage.Proven, (await channel.ReceiveAsync(Token))!.Kind);
            Assert.Equal(-1, pipe.ReadByte()); // No copy of the other end is open any more.
        }
    }

    [Fact]
    public async Task When_the_other_end_is_gone_sending_says_so_and_so_does_receiving_after_what_was_sent()
    {
        await _theirs.SendAsync(new ChannelMessage(ChannelMessage.Adopted), default, Token);
        _theirs.Dispose();

        Assert.False(await _ours.SendAsync(new ChannelMessage(ChannelMessage.Proven), default, Token));
        Assert.Equal(ChannelMessage.Adopted, (await _ours.ReceiveAsync(Token))!.Kind);
        Assert.Null(await _ours.ReceiveAsync(Token));
    }

    [Fact]
    public async Task What_was_sent_arrives_though_its_sender_went_without_reading()
    {
        await _ours.SendAsync(new ChannelMessage(ChannelMessage.Answers), default, Token);
        await _theirs.SendAsync(new ChannelMessage(ChannelMessage.Progress), default, Token);
        await _theirs.SendAsync(new ChannelMessage(ChannelMessage.Final), default, Token);
        _theirs.Dispose();

        Assert.Equal(ChannelMessage.Progress, (await _ours.ReceiveAsync(Token))!.Kind);
        Assert.Equal(ChannelMessage.Final, (await _ours.ReceiveAsync(Token))!.Kind);
        Assert.Null(await _ours.ReceiveAsync(Token));
    }

    [Fact]
    public async Task A_sender_waits_for_a_receiver_that_is_slow_and_nothing_is_lost()
    {
        const int Messages = 500;
        var sending = Task.Run(async () =>
        {
            for (var number = 0; number < Messages; number++)
                await _ours.SendAsync(new ChannelMessage(ChannelMessage.Connections) { Number = number, Passed = [.. Enumerable.Repeat(new PassedConnection("127.0.0.1:80"), 50)] }, default, Token);
        }, Token);
        for (var number = 0; number < Messages; number++)
            Assert.Equal(number, (await _theirs.ReceiveAsync(Token))!.Number);
        await sending;
    }

    [Fact]
    public async Task A_receiver_that_hangs_counts_as_gone()
    {
        var sent = 0;
        while (await _ours.SendAsync(new ChannelMessage(ChannelMessage.Progress) { Number = sent }, default, Token))
            sent++;

        for (var number = 0; number < sent; number++)
            Assert.Equal(number, (await _theirs.ReceiveAsync(Token))!.Number);
        Assert.True(await _ours.SendAsync(new ChannelMessage(ChannelMessage.Proven), default, Token));
        Assert.Equal(ChannelMessage.Proven, (await _theirs.ReceiveAsync(Token))!.Kind);
    }

    [Fact]
    public async Task A_message_with_a_full_tunnel_fits()
    {
        var full = new PassedDirection(new byte[32 * 1024]) { FrameHeader = new byte[13] };
        var tunnel = new PassedTunnel(new PassedConnection("127.0.0.1:80"), new string('r', 1000), full, full);
        await _ours.SendAsync(new ChannelMessage(ChannelMessage.Tunnel) { PassedTunnel = tunnel }, default, Token);

        Assert.Equal(32 * 1024, (await _theirs.ReceiveAsync(Token))!.PassedTunnel!.ToClient.Held.Length);
    }

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
    }

    private static string? Target(int fd) => new FileInfo($"/proc/self/fd/{fd}").LinkTarget;
}
