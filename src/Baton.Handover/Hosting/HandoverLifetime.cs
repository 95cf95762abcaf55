using Microsoft.Extensions.Hosting;

namespace Baton.Handover.Hosting;

/// <summary>The host's view of the process: it does not listen to signals itself, the upgrade decides when it ends.</summary>
internal sealed class HandoverLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
