namespace Baton.Cli;

/// <summary>What <c>baton run</c> was given.</summary>
/// <param name="Config">The file of <c>--config</c>, as it was typed.</param>
/// <param name="Overrides">The texts of <c>--set</c>, in order.</param>
internal sealed record RunArguments(string? Config, IReadOnlyList<string> Overrides);
