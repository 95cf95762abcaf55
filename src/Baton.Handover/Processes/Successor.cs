using System.IO.Pipes;
using Baton.Handover.Native;
using Baton.Handover.Sockets;

namespace Baton.Handover.Processes;

/// <summary>The predecessor's end of a hand-over: the pid, the ready pipe and the channel of the process it launched.</summary>
internal sealed class Successor : ISuccessor
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<ListenSocket> _passed;
    private readonly AnonymousPipeServerStream _ready;
    private readonly HandoverChannel _channel;
    private readonly Pidfd _process;
    private volatile bool _isWarmingUp;

    public Successor(int pid, IReadOnlyList<ListenSocket> passed, AnonymousPipeServerStream ready, DescriptorHandle channel)
    {
        Pid = pid;
        _passed = passed;
        _process = Pidfd.Of(pid);
        _ready = ready;
        _ready.DisposeLocalCopyOfClientHandle(); // Or its end would never be seen.
        _channel = new HandoverChannel(channel);
    }

    public int Pid { get; }

    public bool IsWarmingUp => _isWarmingUp;

    public async Task<ReadyMessage> ReadReadyAsync(CancellationToken cancellation)
    {
        var buffer = new byte[ReadyMessage.MaxBytes];
        var length = 0;
        while (length < buffer.Length)
        {
            var count = await _ready.ReadAsync(buffer.AsMemory(length), cancellation);
            if (count == 0)
                break;
            length += count;
            _isWarmingUp |= buffer[0] == ReadyMessage.WarmingUp;
        }

        var start = _isWarmingUp ? 1 : 0;
        return length > start
            ? ReadyMessage.Parse(buffer.AsSpan(start, length - start))
            : throw new HandoverException($"The successor (pid {Pid}) ended before it was ready, without giving a reason. Its own output, if any, is in the log or journal above this line.");
    }

    public IReadOnlyList<ListenSocket> ReleasedBy(ReadyMessage message) =>
        [.. (message.Released ?? []).Select(fd => fd - Inheritance.FirstFd).Where(index => index >= 0 && index < _passed.Count).Distinct().Select(index => _passed[index])];

    public RehearsalReport RehearsedBy(ReadyMessage message)
    {
        var removed = ReleasedBy(message);
        var memory = ProcessMemory.Of(message.Pid);
        return new RehearsalReport(Actual(_passed.Except(removed)), message.Bound, Actual(removed))
        {
            ResidentBytes = memory.ResidentBytes,
            ProportionalBytes = memory.ProportionalBytes,
            Warnings = message.Warnings ?? [],
        };
    }

    public ValueTask<bool> SendAsync(ChannelMessage message, ReadOnlyMemory<int> fds, CancellationToken cancellation) => _channel.SendAsync(message, fds, cancellation);

    public ValueTask<ChannelMessage?> ReceiveAsync(CancellationToken cancellation) => _channel.ReceiveAsync(cancellation);

    public void Terminate() => _process.Terminate();

    public void Kill() => _process.Kill();

    // On a thread of its own: poll(2) waits on it, for as long as the process wants.
    public Task WaitForExitAsync(CancellationToken cancellation) =>
        Task.Factory.StartNew(
            () =>
            {
                while (!_process.WaitForExit(BetweenLooks))
                    cancellation.ThrowIfCancellationRequested();
            },
            cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    public void Dispose()
    {
        _ready.Dispose();
        _channel.Dispose();
        _process.Dispose();
    }

    private static IReadOnlyList<string> Actual(IEnumerable<ListenSocket> listeners) => [.. listeners.Select(listener => listener.ActualAddress)];
}
