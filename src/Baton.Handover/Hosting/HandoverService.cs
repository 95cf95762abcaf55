using Microsoft.Extensions.Hosting;

namespace Baton.Handover.Hosting;

/// <summary>
/// Ties the upgrade to the host: everything has started, then the generation says that it is prepared; the upgrade has let
/// go of everything, then the host stops. Kestrel's own stop comes last, when it has nothing left to cut.
/// </summary>
internal sealed class HandoverService(
    Generation generation,
    Upgrader upgrader,
    IStateKeeper state,
    Preparations preparations,
    IHostApplicationLifetime lifetime) : IHostedLifecycleService
{
    private Task _running = Task.CompletedTask;
    private Task _preparing = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        generation.Signals.Subscribe(OnHangup, upgrader.RequestStop);
        _running = RunAsync();
        if (generation.State is { } inherited)
            state.Load(inherited, StateMoment.Launch);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // Not awaited: the host has started, and what waits for that (the banner, a signal) shall not wait for a slow probe.
        _preparing = PrepareAsync();
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        upgrader.RequestStop("the host"); // Where something else than a signal stops it; otherwise nobody reads it any more.
        await _running.WaitAsync(cancellationToken);
        await _preparing.WaitAsync(cancellationToken); // The stop has cancelled it.
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        generation.Listeners.Close(removeFiles: !upgrader.HasSuccessor);
        return Task.CompletedTask;
    }

    private void OnHangup()
    {
        upgrader.RequestUpgrade("SIGHUP");
        generation.Constant?.ConfirmHangup();
    }

    private async Task PrepareAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(generation.StopRequested, lifetime.ApplicationStopping);
        await preparations.RunAsync(stop.Token);
        upgrader.SayPrepared();
    }

    private async Task RunAsync()
    {
        await upgrader.RunAsync();
        lifetime.StopApplication();
    }
}
