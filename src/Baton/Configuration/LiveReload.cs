using Baton.Handover;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace Baton.Configuration;

/// <summary>
/// Lets a change of routes and clusters take effect without a new process. A change that is not valid as a whole is
/// refused and the old routes stay; a change of the other sections waits for the next upgrade. During an upgrade the file is
/// the successor's to read.
/// </summary>
internal sealed class LiveReload(
    ConfigurationLoader loader,
    LoadedConfiguration started,
    SettingsSource running,
    InMemoryConfigProvider proxy,
    TimeProvider time,
    ILogger<LiveReload> logger) : BackgroundService, IHandoverObserver
{
    private static readonly string[] NextUpgrade = [SectionNames.Kestrel, SectionNames.Serilog, SectionNames.Baton];

    // A file that is written in place is empty, then half there: what is wrong with it counts once it has stayed so.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(500);

    private readonly LiveReloadLog _log = new(logger, loader.File);
    private ReadOnlyMemory<byte> _seen = started.Content; // the last content looked at, valid or not
    private Settings _applied = started.Settings; // what this generation runs with
    private Settings _read = started.Settings; // the last valid configuration
    private bool _missing;
    private volatile bool _isBeingReplaced;

    // Most upgrades follow a change of the file: to read it here too would take from clients what the successor leaves them.
    public ValueTask OnPhaseAsync(HandoverNotice notice)
    {
        _isBeingReplaced = notice.Phase is not (HandoverPhase.Preparing or HandoverPhase.Serving);
        return ValueTask.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _log.Warnings(started.Warnings);
        using var watch = new FileWatch(loader.File, time);
        if (watch.Unwatched is not null)
            _log.Unwatched(watch.Unwatched, FileWatch.PollPeriod);

        try
        {
            while (true)
            {
                if (!_isBeingReplaced) // If that comes to nothing, the watch asks for the next look within its period.
                    await LookAsync(stoppingToken); // first at once: the file may have changed since it was loaded
                await watch.WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte> content = await File.ReadAllBytesAsync(loader.File, cancellationToken);
            _missing = false;
            if (content.Span.SequenceEqual(_seen.Span))
                return;
            await TakeAsync(content, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_missing) // once, not at every look
                _log.Missing(e.Message);
            _missing = true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _log.Failed(e); // a fault in here must cost a reload, not the proxy: an escaping exception stops the host
        }
    }

    private async Task TakeAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var before = _seen;
        _seen = content;
        try
        {
            Apply(await loader.ReadAsync(content));
        }
        catch (ConfigurationException e)
        {
            await Task.Delay(Settling, time, cancellationToken);
            ReadOnlyMemory<byte> settled = await File.ReadAllBytesAsync(loader.File, cancellationToken);
            if (settled.Span.SequenceEqual(content.Span))
                _log.Refused(e);
            else
                _seen = before; // Still being written: the watch has seen that too, and looks again.
        }
    }

    private void Apply(LoadedConfiguration loaded)
    {
        _log.Warnings(loaded.Warnings);
        if (!loaded.Settings.SameSection(_applied, SectionNames.ReverseProxy))
        {
            _applied = _applied.WithSectionOf(loaded.Settings, SectionNames.ReverseProxy);
            running.Replace(_applied);
            proxy.Update(loaded.Proxy.Routes, loaded.Proxy.Clusters);
            _log.Reloaded(loaded.Proxy.Routes.Count, loaded.Proxy.Clusters.Count);
        }

        var changed = NextUpgrade.Where(section => !loaded.Settings.SameSection(_read, section)
            && !loaded.Settings.SameSection(_applied, section)).ToList();
        _read = loaded.Settings;
        if (changed.Count > 0)
            _log.WaitsForUpgrade(changed);
    }
}
