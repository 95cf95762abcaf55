namespace Baton.Configuration;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Origin">Where: <c>file:line:column</c>, an environment variable, or <c>--set</c>.</param>
/// <param name="Message">What, with the full key, the value and what it must be.</param>
internal sealed record ConfigurationError(string Origin, string Message)
{
    public override string ToString() => $"{Origin}: {Message}";
}
