namespace Baton.Handover;

/// <summary>
/// Pauses that somebody ends early, in the ordinary course of things. A <see cref="PeriodicTimer"/> throws then, and a native
/// program writes down where: the first time that takes 10 ms, beside clients that have just moved.
/// </summary>
internal static class Pauses
{
    /// <param name="clock">What measures it.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="ended">Ends it.</param>
    /// <returns>False if it was ended.</returns>
    public static async Task<bool> PauseAsync(this TimeProvider clock, TimeSpan length, CancellationToken ended)
    {
        await Task.Delay(length, clock, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !ended.IsCancellationRequested;
    }
}
