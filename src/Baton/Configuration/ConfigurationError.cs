namespace Baton.Configuration;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Origin">Where: <c>file:line:column</c>, an environment variable, or <c>--set</c>.</param>
/// <param name="Message">What, with the full key, the value and what it must be.</param>
/// <param name="Key">The full key that it is about; null where there is none, as in a file that is no JSON.</param>
internal sealed record ConfigurationError(SettingOrigin Origin, string Message, string? Key = null)
{
    public override string ToString() => $"{Origin}: {Message}";
}
