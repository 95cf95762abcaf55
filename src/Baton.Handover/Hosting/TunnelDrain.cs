using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>How one tunnel that stays is let go of: by a close frame when its turn has come, or at the deadline.</summary>
internal sealed class TunnelDrain(ITunnel tunnel, TimeSpan? turn)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    private Task<bool> _closing = Task.FromResult(false);

    /// <summary>Takes the next step, if it is time; one that is in the middle of a frame is asked again.</summary>
    public void Step(TimeSpan elapsed)
    {
        if (turn is null || elapsed < turn || tunnel.CanMove || !_closing.IsCompleted || (_closing.IsCompletedSuccessfully && _closing.Result))
            return;
        _closing = CloseAsync();
    }

    private async Task<bool> CloseAsync()
    {
        using var patience = new CancellationTokenSource(AnswerTime);
        try
        {
            return await tunnel.TryCloseAsync(tunnel.Policy.CloseCode, patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            return true; // It does not read, or is gone.
        }
    }
}
