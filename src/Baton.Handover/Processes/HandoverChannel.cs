using System.Net.Sockets;
using System.Text.Json;
using Baton.Handover.Native;

namespace Baton.Handover.Processes;

/// <summary>
/// One end of the socket pair between predecessor and successor: whole messages in order, and end-of-file when the other
/// process is gone, however it ended.
/// </summary>
internal sealed class HandoverChannel : IDisposable
{
    private const int MaxBytes = 64 * 1024;

    private readonly DescriptorHandle _descriptor;
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[MaxBytes];

    public HandoverChannel(DescriptorHandle descriptor)
    {
        _descriptor = descriptor;
        _socket = new Socket(new SafeSocketHandle(descriptor.Fd, ownsHandle: false));
    }

    /// <summary>Sends a message; false if the other process is gone.</summary>
    public async ValueTask<bool> SendAsync(ChannelMessage message, CancellationToken cancellation)
    {
        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, WireFormat.Default.ChannelMessage), SocketFlags.None, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The next message, or null when the other process is gone.</summary>
    public async ValueTask<ChannelMessage?> ReceiveAsync(CancellationToken cancellation)
    {
        while (true)
        {
            int count;
            try
            {
                count = await _socket.ReceiveAsync(_buffer, SocketFlags.None, cancellation);
            }
            catch (SocketException)
            {
                return null;
            }

            if (count == 0)
                return null;
            if (Parse(_buffer.AsSpan(0, count)) is { } message)
                return message;
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _descriptor.Dispose();
    }

    // Garbage is passed over like an unknown kind: only what is understood can change what this process does.
    private static ChannelMessage? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, WireFormat.Default.ChannelMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
