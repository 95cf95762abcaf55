using Baton.Configuration;
using Baton.Handover;
using Baton.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Systemd;

/// <summary>Lets a service manager that started the daemon follow its generations.</summary>
internal static class SystemdHosting
{
    // Written for the process that systemd started. In a successor they would name another process: sd_listen_fds(3) and
    // sd_watchdog_enabled(3) compare them with the own pid, and without WATCHDOG_PID whoever is the main process is meant.
    private static readonly string[] MeantForThisProcess = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "WATCHDOG_PID"];

    public static void AddSystemd(this WebApplicationBuilder builder)
    {
        Array.ForEach(MeantForThisProcess, ProcessEnvironment.Remove);
        if (SystemdNotifier.For(ProcessEnvironment.Get("NOTIFY_SOCKET")) is { } notifier)
            builder.Services.AddSingleton<IHandoverObserver>(services =>
                new SystemdPhases(notifier, services.GetRequiredService<ReportHistory>(), services.GetRequiredService<TimeProvider>()));
    }
}
