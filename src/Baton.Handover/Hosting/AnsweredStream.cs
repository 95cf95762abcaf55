using System.Net.Sockets;

namespace Baton.Handover.Hosting;

/// <summary>A connection that remembers whether anything was ever read from it.</summary>
internal sealed class AnsweredStream(Socket socket) : NetworkStream(socket)
{
    public bool IsAnswered { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken);
        IsAnswered |= count > 0;
        return count;
    }
}
