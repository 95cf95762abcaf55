using System.Globalization;

namespace Baton.Canary.Clients;

/// <summary>Sends a body bit by bit, and the next one when it is answered: one is always on its way.</summary>
internal sealed class UploadCanary(CanaryTarget target, string token, TimeProvider clock) : Http1Canary("upload", target, token, clock)
{
    private const int Chunks = 40;
    private const int ChunkLength = 1024;
    private const int ChunksAtFirst = 1;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly string Chunk = $"{ChunkLength:x}\r\n{new string('b', ChunkLength)}\r\n";

    protected override async Task ExchangeAsync(CancellationToken stop)
    {
        using var deadline = Deadline();
        var link = await LinkAsync(deadline.Token);
        await link.SendAsync(Head("POST", CanaryPaths.Upload) + "Transfer-Encoding: chunked\r\n\r\n", deadline.Token);

        // The first is short, so that it is soon known whether there are answers at all.
        var chunks = Answers == 0 ? ChunksAtFirst : Chunks;
        var sent = 0;
        for (; sent < chunks && !stop.IsCancellationRequested; sent++)
        {
            await link.SendAsync(Chunk, deadline.Token);
            await PauseAsync(Pause, CancellationToken.None);
        }

        await link.SendAsync("0\r\n\r\n", deadline.Token);
        Check((sent * ChunkLength).ToString(CultureInfo.InvariantCulture), await link.ReceiveAsync(deadline.Token));
    }
}
