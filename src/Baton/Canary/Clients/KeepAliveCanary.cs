using System.Globalization;

namespace Baton.Canary.Clients;

/// <summary>Makes request after request on one connection.</summary>
internal sealed class KeepAliveCanary(CanaryTarget target, string token, TimeProvider clock) : Http1Canary("keep-alive", target, token, clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private int _number;

    protected override async Task ExchangeAsync(CancellationToken stop)
    {
        var number = (++_number).ToString(CultureInfo.InvariantCulture);
        using var deadline = Deadline();
        var link = await LinkAsync(deadline.Token);
        await link.SendAsync(Head("GET", CanaryPaths.Echo + number) + "\r\n", deadline.Token);
        Check(number, await link.ReceiveAsync(deadline.Token));
        await PauseAsync(Pause, stop);
    }
}
