using System.Net;
using System.Net.Sockets;
using Baton.Handover.Hosting;
using Baton.Handover.Transport;
using Xunit;

namespace Baton.Handover.Tests.Transport;

/// <summary>Two sockets and the bytes between, paused at any moment and gone on from there.</summary>
public sealed class TunnelTests
{
    private const int PauseCount = 300;
    private const int Period = 251;

    private static readonly byte[] Pattern = [.. Enumerable.Range(0, 20_000).Select(position => (byte)(position % Period))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Paused_hundreds_of_times_under_full_load_it_loses_and_doubles_no_byte_even_as_a_new_one_each_time()
    {
        var (client, clientEnd) = await PairAsync();
        var (upstream, upstreamEnd) = await PairAsync();
        var tunnel = NewTunnel(clientEnd, upstreamEnd, TunnelDirectionState.Begin(default), TunnelDirectionState.Begin(default));
        tunnel.Start();
        using var stop = new CancellationTokenSource();
        var work = new[] { SendAsync(client, stop.Token), SendAsync(upstream, stop.Token), ReceiveAsync(client), ReceiveAsync(upstream) };

        for (var pause = 0; pause < PauseCount; pause++)
        {
            var (toUpstream, toClient) = (await tunnel.TryPauseAsync())!.Value;
            // As it is passed and read again, in the same process.
            var passed = TunnelFormat.Write(tunnel, toUpstream, toClient);
            tunnel = NewTunnel(clientEnd, upstreamEnd, TunnelFormat.Read(passed.ToUpstream), TunnelFormat.Read(passed.ToClient));
            tunnel.Start();
            await Task.Yield();
        }

        await stop.CancelAsync();
        var counts = await Task.WhenAll(work).WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal((counts[0], counts[1]), (counts[3], counts[2]));
        Assert.True(counts[0] > 0 && counts[1] > 0);
        await tunnel.Completion.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    [Fact]
    public async Task What_the_other_side_does_not_read_is_held_and_told()
    {
        var (client, clientEnd) = await PairAsync();
        var (upstream, upstreamEnd) = await PairAsync();
        var tunnel = NewTunnel(clientEnd, upstreamEnd, TunnelDirectionState.Begin("early"u8.ToArray()), TunnelDirectionState.Begin(default));
        tunnel.Start();
        Assert.Equal("early", await TextAsync(upstream, 5));

        upstreamEnd.SendBufferSize = 4096;
        client.Blocking = false;
        long sent = 0;
        var held = 0;
        var start = TimeProvider.System.GetTimestamp();
        while (held == 0 && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20))
        {
            while (client.Send(new byte[1000], SocketFlags.None, out _) is > 0 and var count)
                sent += count;
            var (toUpstream, _) = (await tunnel.TryPauseAsync())!.Value;
            held = toUpstream.Held.Length;
            if (held == 0)
                tunnel.Resume();
        }

        Assert.InRange(held, 1, TunnelDirection.BufferSize);
        tunnel.Resume();
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(sent, await CountAsync(upstream));
    }

    [Fact]
    public async Task A_close_frame_is_put_between_two_frames_and_never_into_one()
    {
        var (client, clientEnd) = await PairAsync();
        var (upstream, upstreamEnd) = await PairAsync();
        var tunnel = NewTunnel(clientEnd, upstreamEnd, TunnelDirectionState.Begin(default), TunnelDirectionState.Begin(default));
        tunnel.Start();
        await upstream.SendAsync(new byte[] { 0x81, 5, (byte)'h', (byte)'e' }, Token);
        Assert.Equal(4, (await TextAsync(client, 4)).Length);
        Assert.False(await tunnel.TryCloseAsync(1012, Token));

        await upstream.SendAsync("llo"u8.ToArray(), Token);
        Assert.Equal("llo", await TextAsync(client, 3));
        Assert.True(await tunnel.TryCloseAsync(1012, Token));
        var close = new byte[4];
        for (var read = 0; read < close.Length;)
            read += await client.ReceiveAsync(close.AsMemory(read), Token);
        Assert.Equal([0x88, 2, 0x03, 0xF4], close);
        Assert.False(await tunnel.TryCloseAsync(1012, Token));
        await upstream.SendAsync(new byte[] { 0x81, 0 }, Token); // Dropped: nothing may follow the close frame.
        upstream.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await client.ReceiveAsync(close, Token));
    }

    private static Tunnel NewTunnel(Socket client, Socket upstream, TunnelDirectionState toUpstream, TunnelDirectionState toClient)
    {
        var history = new ConnectionHistory { AcceptedAt = default };
        return new Tunnel(client, upstream, new TunnelDescription("r", "127.0.0.1:0", history, true, Timeout.InfiniteTimeSpan, new TunnelDrainPolicy()), toUpstream, toClient);
    }

    private static async Task<(Socket Far, Socket Near)> PairAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await far.ConnectAsync(listener.LocalEndPoint!, Token);
        return (far, await listener.AcceptAsync(Token));
    }

    // Each byte tells its place in the stream, so that a lost or doubled one shows.
    private static async Task<long> SendAsync(Socket socket, CancellationToken stop)
    {
        long position = 0;
        while (!stop.IsCancellationRequested)
            position += await socket.SendAsync(From(position, 7919), Token);
        socket.Shutdown(SocketShutdown.Send);
        return position;
    }

    private static async Task<long> ReceiveAsync(Socket socket)
    {
        long position = 0;
        var buffer = new byte[10_000];
        while (await socket.ReceiveAsync(buffer, Token) is > 0 and var count)
        {
            Assert.True(buffer.AsSpan(0, count).SequenceEqual(From(position, count).Span), $"something else than the bytes from {position} on");
            position += count;
        }

        return position;
    }

    private static ReadOnlyMemory<byte> From(long position, int count) => Pattern.AsMemory((int)(position % Period), count);

    private static async Task<long> CountAsync(Socket socket)
    {
        long total = 0;
        var buffer = new byte[100_000];
        while (await socket.ReceiveAsync(buffer, Token) is > 0 and var count)
            total += count;
        return total;
    }

    private static async Task<string> TextAsync(Socket socket, int length)
    {
        var buffer = new byte[length];
        for (var read = 0; read < length;)
            read += await socket.ReceiveAsync(buffer.AsMemory(read), Token);
        return System.Text.Encoding.Latin1.GetString(buffer);
    }
}
