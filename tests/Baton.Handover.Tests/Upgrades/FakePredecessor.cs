using System.Threading.Channels;
using Baton.Handover.Native;
using Baton.Handover.Processes;

namespace Baton.Handover.Tests.Upgrades;

/// <summary>A predecessor that does what a test says.</summary>
internal sealed class FakePredecessor : IPredecessor
{
    private readonly Channel<ChannelMessage> _fromIt = Channel.CreateUnbounded<ChannelMessage>();
    private readonly Lock _gate = new();
    private readonly List<string> _received = [];
    private readonly List<byte[]?> _states = [];

    public int Pid => 999;

    public ReadyMessage? Heard { get; private set; }

    public IReadOnlyList<string> Received
    {
        get { lock (_gate) return [.. _received]; }
    }

    /// <summary>The states that came with messages.</summary>
    public IReadOnlyList<byte[]?> States
    {
        get { lock (_gate) return [.. _states]; }
    }

    public void SayWarmingUp()
    {
    }

    public void Say(ReadyMessage message) => Heard = message;

    public void Tell(string kind, TimeSpan? probation = null, DescriptorHandle? state = null, DrainProgress? open = null, params IReadOnlyList<GenerationProgress> generations) =>
        _fromIt.Writer.TryWrite(new ChannelMessage(kind) { Probation = probation, Open = open, Generations = generations.Count == 0 ? null : generations, Descriptors = state is null ? [] : [state] });

    public void Die() => _fromIt.Writer.Complete();

    public ValueTask<bool> SendAsync(ChannelMessage message, ReadOnlyMemory<int> fds, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _received.Add(message.Kind);
            if (fds.Length > 0)
                _states.Add(StateFile.Read(DescriptorHandle.Duplicate(fds.Span[0], 3)));
        }

        return ValueTask.FromResult(true);
    }

    public async ValueTask<ChannelMessage?> ReceiveAsync(CancellationToken cancellation) =>
        await _fromIt.Reader.WaitToReadAsync(cancellation) && _fromIt.Reader.TryRead(out var message) ? message : null;

    public void Dispose()
    {
    }
}
