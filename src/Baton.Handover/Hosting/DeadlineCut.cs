using Baton.Handover.Transport;
using Microsoft.AspNetCore.Connections;

namespace Baton.Handover.Hosting;

/// <summary>What happens to everything that a drain's deadline finds: counted by route, and ended.</summary>
internal sealed class DeadlineCut(ConnectionTable connections, RequestTable requests, TunnelTable tunnels, TimeProvider clock)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    // For the answers to close frames, and for aborted connections to unwind.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public async Task<IReadOnlyList<CutWork>> RunAsync()
    {
        var left = requests.Active.ToList();
        var adopted = tunnels.Adopted.ToList();
        foreach (var request in left)
            request.Connection.IsCut = true;
        var silent = connections.Connections.Count(connection => connection.ActiveRequests == 0) + connections.Idle.Count();
        IReadOnlyList<CutWork> cut =
        [
            .. left.Select(request => (request.Route, Kind: request.Tunnel is null ? "request" : "tunnel"))
                .Concat(adopted.Select(tunnel => (tunnel.Route, Kind: "tunnel")))
                .Concat(Enumerable.Repeat((Route: "(none)", Kind: "connection"), silent))
                .GroupBy(work => work)
                .Select(group => new CutWork(group.Key.Route, group.Key.Kind, group.Count())),
        ];

        using var grace = new CancellationTokenSource(Grace, clock);
        await Task.WhenAll(
        [
            .. left.Where(request => request.Tunnel is not null).Select(request => CloseAsync(request.Tunnel!, () => request.IsListed, grace.Token)),
            .. adopted.Select(tunnel => CloseAsync(tunnel, () => !tunnel.Completion.IsCompleted, grace.Token)),
        ]);
        foreach (var connection in connections.Connections)
            connection.Abort(new ConnectionAbortedException("The drain's deadline has come."));
        foreach (var tunnel in adopted)
            tunnel.Abort();
        return cut;
    }

    private async Task CloseAsync(ITunnel tunnel, Func<bool> isOpen, CancellationToken grace)
    {
        try
        {
            await tunnel.TryCloseAsync(tunnel.Policy.CloseCode, grace);
            while (isOpen())
                await Task.Delay(LookInterval, clock, grace);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // It did not answer in time, or is gone; either way it is aborted next.
        }
    }
}
