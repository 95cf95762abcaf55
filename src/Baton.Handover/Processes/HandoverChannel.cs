using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Baton.Handover.Native;

namespace Baton.Handover.Processes;

/// <summary>
/// One end of the socket pair between predecessor and successor: whole messages in order, open files with them, and
/// end-of-file when the other process is gone, however it ended.
/// </summary>
internal sealed class HandoverChannel : IDisposable
{
    // Room for what two directions of a tunnel hold, in base64; below the 208 KiB that a socket pair takes by default.
    private const int MaxBytes = 160 * 1024;

    // The kernel does not say when there is room again for a message of this size; the other process needs about as long.
    private static readonly TimeSpan FullPause = TimeSpan.FromMilliseconds(2);

    // The other process reads all the time; one that does not for so long hangs, and nobody may hang with it.
    private static readonly TimeSpan FullPatience = TimeSpan.FromSeconds(5);

    private readonly DescriptorHandle _descriptor;
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[MaxBytes];
    private readonly byte[] _peek = new byte[1];

    public HandoverChannel(DescriptorHandle descriptor)
    {
        _descriptor = descriptor;
        _socket = new Socket(new SafeSocketHandle(descriptor.Fd, ownsHandle: false));
    }

    /// <summary>
    /// Sends a message, with copies of open files if there are any; false if the other process is gone, or has not read
    /// anything for 5 s: then nothing of the message was sent.
    /// </summary>
    /// <param name="message">What to say.</param>
    /// <param name="fds">At most <see cref="DescriptorPassing.MaxDescriptors"/>; they stay open here.</param>
    /// <param name="cancellation">Ends the wait for a receiver that does not read.</param>
    public async ValueTask<bool> SendAsync(ChannelMessage message, ReadOnlyMemory<int> fds, CancellationToken cancellation)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message, WireFormat.Default.ChannelMessage);
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            switch (DescriptorPassing.TrySend(_descriptor, bytes, fds.Span))
            {
                case SocketError.Success:
                    return true;
                case SocketError.WouldBlock or SocketError.TooManyOpenSockets when Stopwatch.GetElapsedTime(began) < FullPatience:
                    await Task.Delay(FullPause, cancellation);
                    break;
                case SocketError.MessageSize:
                    throw new UnreachableException($"A message '{message.Kind}' of {bytes.Length} bytes is too long for the hand-over channel.");
                default:
                    return false;
            }
        }
    }

    /// <summary>The next message, or null when the other process is gone. Whoever gets it owns the open files in it.</summary>
    public async ValueTask<ChannelMessage?> ReceiveAsync(CancellationToken cancellation)
    {
        // Of a process that exits with unread messages the kernel tells once, as a reset, and before what that process had sent:
        // this type of socket looks at errors first.
        var wasReset = false;
        while (true)
        {
            try
            {
                // Peeking waits and takes nothing, so that the call that takes the files with the message need not wait.
                if (await _socket.ReceiveAsync(_peek, SocketFlags.Peek, cancellation) == 0)
                    return null;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset && !wasReset)
            {
                wasReset = true;
                continue;
            }
            catch (SocketException)
            {
                return null;
            }

            var descriptors = new List<DescriptorHandle>();
            switch (DescriptorPassing.TryReceive(_descriptor, _buffer, descriptors, out var count))
            {
                case SocketError.Success when Parse(_buffer.AsSpan(0, count)) is { } message:
                    return message with { Descriptors = descriptors };
                case SocketError.Success:
                    descriptors.ForEach(descriptor => descriptor.Dispose());
                    break;
                case SocketError.WouldBlock:
                    break;
                case SocketError.ConnectionReset when !wasReset:
                    wasReset = true;
                    break;
                default:
                    return null;
            }
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
