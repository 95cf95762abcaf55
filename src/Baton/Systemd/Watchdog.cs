using System.Globalization;
using System.Net.Sockets;
using Baton.Handover;
using Baton.Handover.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Baton.Systemd;

/// <summary>
/// Tells systemd again and again that the service is well, as long as its own listeners answer, as a client would see it;
/// sd_watchdog_enabled(3). Without a word for WatchdogSec= systemd ends the service and starts it anew.
/// </summary>
internal sealed class Watchdog(SystemdNotifier systemd, HandoverStatus status, TimeSpan limit, TimeProvider clock, ILogger<Watchdog> log) : BackgroundService
{
    // Three questions and their answers have room in the time that systemd waits.
    private readonly TimeSpan _interval = limit / 3;

    /// <summary>The time that systemd waits for a word; null if it does not.</summary>
    /// <param name="microseconds">The value of WATCHDOG_USEC.</param>
    public static TimeSpan? Limit(string? microseconds) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? TimeSpan.FromMicroseconds(value) : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, clock);
        try
        {
            do
                await LookAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The service ends.
        }
    }

    // Whoever is not the main process is not listened to. One that ends does not accept, and has its own deadline.
    private async Task LookAsync(CancellationToken stoppingToken)
    {
        if (!status.IsMain || status.Phase == HandoverPhase.Preparing)
            return;
        if (status.Phase != HandoverPhase.Stopping && await SilentAsync(stoppingToken) is { Count: > 0 } failures)
            log.NotWell(string.Join(" ", failures), limit.TotalSeconds);
        else
            await TellAsync();
    }

    private async Task TellAsync()
    {
        try
        {
            await systemd.SendAsync("WATCHDOG=1");
        }
        catch (SocketException e)
        {
            log.NotTold(e);
        }
    }

    private async Task<IReadOnlyList<string>> SilentAsync(CancellationToken stoppingToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var timer = clock.CreateTimer(_ => deadline.Cancel(), null, _interval, Timeout.InfiniteTimeSpan);
        return await status.AskListenersAsync(deadline.Token);
    }
}
