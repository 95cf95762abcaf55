using Baton.Admin;
using Baton.Configuration;
using Baton.Handover;
using Baton.Handover.Hosting;
using Baton.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Baton.Systemd;

/// <summary>Lets a service manager that started the daemon follow its generations, watch it and keep its listeners.</summary>
internal static class SystemdHosting
{
    // Written for the process that systemd started. In a successor it would name another process: without it whoever is the
    // main process is meant; sd_watchdog_enabled(3).
    private const string WatchdogPid = "WATCHDOG_PID";

    public static void AddSystemd(this WebApplicationBuilder builder, Generation generation, LoadedConfiguration configuration)
    {
        ProcessEnvironment.Remove(WatchdogPid);
        var given = GivenSockets.Take(pid => pid == generation.Pid || pid == generation.ConstantPid);
        var (complaints, stale) = SocketActivation.Adopt(generation, given, new EndpointList(configuration.Settings));
        builder.Services.AddSingleton(new SocketComplaints(complaints));

        if (SystemdNotifier.For(ProcessEnvironment.Get("NOTIFY_SOCKET")) is not { } systemd)
            return;

        // When the main process has ended, systemd sends SIGTERM once more to what is left of the service: an older generation
        // that still drains. Its own last word is SIGKILL, after TimeoutStopSec=; systemd.kill(5).
        generation.RepeatedTermEnds = false;
        // Before it is told that the service is ready: from then on no crash may lose a listener.
        if (generation.ConstantPid is null)
            builder.Services.AddSingleton<IHandoverObserver>(services => new ListenerStore(systemd, generation, stale, services.GetRequiredService<AdminListeners>()));
        builder.Services.AddSingleton<IHandoverObserver>(services =>
        {
            var drain = services.GetRequiredService<DrainSwitch>();
            var phases = new SystemdPhases(
                systemd, generation.ConstantPid is not null, configuration.Options, services.GetRequiredService<ReportHistory>(), drain, services.GetRequiredService<TimeProvider>());
            drain.Switched += phases.OnSwitched;
            return phases;
        });
        if (Watchdog.Limit(ProcessEnvironment.Get("WATCHDOG_USEC")) is { } limit)
            builder.Services.AddSingleton<IHostedService>(services => new Watchdog(
                systemd, services.GetRequiredService<HandoverStatus>(), limit, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<Watchdog>>()));
    }

    /// <summary>Says which of the sockets that systemd has given are of no use.</summary>
    public static void UseSystemd(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<SystemdNotifier>();
        foreach (var complaint in app.Services.GetRequiredService<SocketComplaints>().Texts)
            log.SocketUnused(complaint);
    }

    private sealed record SocketComplaints(IReadOnlyList<string> Texts);
}
