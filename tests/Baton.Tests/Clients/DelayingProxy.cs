using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Baton.Tests.Clients;

/// <summary>
/// A TCP relay that delays each direction, and passes FIN and RST on in their turn. Bare loopback hides the race between
/// a request on the wire and the close of an idle connection; this shows it.
/// </summary>
public sealed class DelayingProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _relays = [];
    private readonly int _target;
    private readonly TimeSpan _delay;
    private readonly Task _accepting;

    public DelayingProxy(int targetPort, TimeSpan delay)
    {
        _target = targetPort;
        _delay = delay;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        await Task.WhenAll(_relays);
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var client = await _listener.AcceptAsync(_end.Token);
                _relays.Add(RelayAsync(client));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            var up = Direction();
            var down = Direction();
            // What the client says while the connection to the server is still on its way is already on the wire.
            var reading = ReadAsync(client, up.Writer);
            try
            {
                await Task.Delay(_delay, _end.Token);
                await server.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                Reset(client);
                await reading;
                return;
            }
            await Task.WhenAll(reading, WriteAsync(up.Reader, server), ReadAsync(server, down.Writer), WriteAsync(down.Reader, client));
        }
    }

    private static Channel<Parcel> Direction() => Channel.CreateBounded<Parcel>(64);

    private async Task ReadAsync(Socket from, ChannelWriter<Parcel> to)
    {
        var buffer = new byte[16 * 1024];
        var ends = false;
        while (!ends)
        {
            byte[]? bytes = null;
            try
            {
                bytes = buffer[..await from.ReceiveAsync(buffer, _end.Token)];
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // A RST, or the end of the proxy: in both cases the other side is to see one.
            }
            ends = bytes is null or [];
            try
            {
                await to.WriteAsync(new Parcel(bytes, TimeProvider.System.GetTimestamp()), _end.Token);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        to.TryComplete();
    }

    private async Task WriteAsync(ChannelReader<Parcel> from, Socket to)
    {
        try
        {
            await foreach (var parcel in from.ReadAllAsync(_end.Token))
            {
                var left = _delay - TimeProvider.System.GetElapsedTime(parcel.Received);
                if (left > TimeSpan.Zero)
                    await Task.Delay(left, _end.Token);
                if (parcel.Bytes is null)
                    Reset(to);
                else if (parcel.Bytes.Length == 0)
                    to.Shutdown(SocketShutdown.Send);
                for (ReadOnlyMemory<byte> rest = parcel.Bytes; !rest.IsEmpty;)
                    rest = rest[await to.SendAsync(rest, _end.Token)..];
            }
        }
        catch (OperationCanceledException)
        {
            Reset(to);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The receiver is gone; its own reading side tells the sender. Nothing may be left in the way of that.
            await foreach (var _ in from.ReadAllAsync(CancellationToken.None))
            {
            }
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
        socket.Dispose();
    }

    /// <summary>What was received and when; no bytes are a FIN, null a RST.</summary>
    private readonly record struct Parcel(byte[]? Bytes, long Received);
}
