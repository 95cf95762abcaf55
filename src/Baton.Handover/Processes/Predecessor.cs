using System.IO.Pipes;
using Baton.Handover.Native;
using Microsoft.Win32.SafeHandles;

namespace Baton.Handover.Processes;

/// <summary>The successor's end of a hand-over: the ready pipe and the channel of the process that launched it.</summary>
internal sealed class Predecessor : IPredecessor
{
    private readonly AnonymousPipeClientStream _ready;
    private readonly HandoverChannel _channel;

    public Predecessor(Inheritance inheritance)
    {
        Pid = inheritance.Predecessor;
        _ready = ReadyPipe(inheritance.ReadyPipe);
        _channel = new HandoverChannel(new DescriptorHandle(inheritance.Channel));
    }

    public int Pid { get; }

    /// <summary>The write end of the ready pipe, also for a successor that understands nothing else of its inheritance.</summary>
    public static AnonymousPipeClientStream ReadyPipe(int fd) => new(PipeDirection.Out, new SafePipeHandle(fd, ownsHandle: true));

    public void SayWarmingUp() => Write([ReadyMessage.WarmingUp]);

    public void Say(ReadyMessage message)
    {
        Write(message.ToBytes());
        _ready.Dispose(); // End-of-file tells it that the message is whole.
    }

    public ValueTask<bool> SendAsync(ChannelMessage message, ReadOnlyMemory<int> fds, CancellationToken cancellation) => _channel.SendAsync(message, fds, cancellation);

    public ValueTask<ChannelMessage?> ReceiveAsync(CancellationToken cancellation) => _channel.ReceiveAsync(cancellation);

    public void Dispose()
    {
        _ready.Dispose();
        _channel.Dispose();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _ready.Write(bytes);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The predecessor is gone, which the channel says too; or it was told already that this generation failed.
        }
    }
}
