using Microsoft.Extensions.Hosting;

namespace Baton.Handover.Hosting;

/// <summary>
/// Ties the upgrade to the host: everything has started, then the generation says that it is prepared; the upgrade has let
/// go of everything, then the host stops. Kestrel's own stop comes last, when it has nothing left to cut.
/// </summary>
internal sealed class HandoverService(Generation generation, Upgrader upgrader, IHostApplicationLifetime lifetime) : IHostedLifecycleService
{
    private Task _running = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        generation.Signals.Subscribe(() => upgrader.RequestUpgrade("SIGHUP"), upgrader.RequestStop);
        _running = RunAsync();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        upgrader.SayPrepared();
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        upgrader.RequestStop("the host"); // Where something else than a signal stops it; otherwise nobody reads it any more.
        await _running.WaitAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        generation.Listeners.Close(removeFiles: !upgrader.HasSuccessor);
        return Task.CompletedTask;
    }

    private async Task RunAsync()
    {
        await upgrader.RunAsync();
        lifetime.StopApplication();
    }
}
