namespace Baton.Handover;

/// <summary>
/// Something to be done before this generation says that it is ready: probes, warm-up. Registered as a service, as many as
/// there are.
/// </summary>
public interface IPreparation
{
    /// <summary>
    /// Called once, when every hosted service has started and nothing is accepted yet; all of them run at once. What it throws
    /// is logged, and the generation becomes ready all the same.
    /// </summary>
    /// <param name="cancellation">
    /// Cancelled when the process is asked to end, and when <see cref="HandoverOptions.ReadyTimeout"/> comes near; nobody
    /// waits for it any longer then.
    /// </param>
    Task PrepareAsync(CancellationToken cancellation);
}
