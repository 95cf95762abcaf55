namespace Baton.Cli;

/// <summary>What <c>baton upgrade</c> was given.</summary>
/// <param name="Config">The file of <c>--config</c>, as it was typed.</param>
/// <param name="Socket">The path of <c>--socket</c>, as it was typed.</param>
/// <param name="IsWaiting">False with <c>--no-wait</c>.</param>
/// <param name="Timeout">How long to wait for the report.</param>
/// <param name="UntilProven">True with <c>--until proven</c>: not to wait for the drain.</param>
/// <param name="IsVerified">Whether canaries are to fly.</param>
/// <param name="IsDryRun">Whether the upgrade is only to be rehearsed.</param>
internal sealed record UpgradeArguments(string? Config, string? Socket, bool IsWaiting, TimeSpan Timeout, bool UntilProven, bool IsVerified, bool IsDryRun);
