namespace Baton.Admin;

/// <summary>The answer to <c>GET /config</c>: what this generation runs with.</summary>
/// <param name="File">The absolute path of the configuration file.</param>
/// <param name="Settings">Every value, in the order of the keys.</param>
internal sealed record ConfigDocument(string File, IReadOnlyList<SettingDocument> Settings);

/// <summary>One value of the configuration.</summary>
/// <param name="Key">Its full key, as in <c>Baton:DrainTimeout</c>.</param>
/// <param name="Value">Its value; "***" where it is, or might be, a secret.</param>
/// <param name="Source">Where it was set: file, line and column, an environment variable, <c>--set</c>, or "default".</param>
internal sealed record SettingDocument(string Key, string? Value, string Source);
