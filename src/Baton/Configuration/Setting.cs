namespace Baton.Configuration;

/// <summary>One value, and where it was set: <c>file:line:column</c>, an environment variable, or <c>--set</c>.</summary>
internal sealed record Setting(string? Value, SettingOrigin Origin);
