namespace Baton.Configuration;

/// <summary>
/// Merges the sources in their order: the JSON file, environment variables, <c>--set</c>; each overrides the one before
/// it. What none of them says about listening and logging comes from the defaults at the end.
/// </summary>
internal static class SettingSources
{
    public const string EnvironmentPrefix = "BATON__";

    public static Settings Read(
        string file,
        ReadOnlySpan<byte> json,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<string> overrides,
        List<ConfigurationError> errors)
    {
        var settings = new Settings(file);
        JsonSettings.Read(json, settings, errors);
        foreach (var (name, value) in environment.OrderBy(variable => variable.Key, StringComparer.Ordinal))
            AddVariable(settings, name, value, errors);
        foreach (var text in overrides)
            AddOverride(settings, text, errors);
        DefaultSettings.Complete(settings);
        return settings;
    }

    private static void AddVariable(Settings settings, string name, string value, List<ConfigurationError> errors)
    {
        var origin = $"environment variable {name}";
        var segments = name[EnvironmentPrefix.Length..].Split("__");
        if (segments.Any(string.IsNullOrEmpty))
        {
            errors.Add(new ConfigurationError(origin, "The name has an empty part; write it as in BATON__DrainTimeout or BATON__Kestrel__Endpoints__Http__Url."));
            return;
        }

        // One segment alone is an option even if it is called like a section: a section has no value.
        var section = segments.Length > 1 ? SectionNames.Find(segments[0]) : null;
        settings.Set(string.Join(':', section is null ? [SectionNames.Baton, .. segments] : segments), value, origin);
    }

    private static void AddOverride(Settings settings, string text, List<ConfigurationError> errors)
    {
        var origin = $"--set {text}";
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var segments = equals < 0 ? [] : text[..equals].Trim().Split(':');
        if (segments.Length < 2 || segments.Any(string.IsNullOrEmpty))
            errors.Add(new ConfigurationError(origin, "This must be Section:Key=value, as in --set Baton:DrainTimeout=00:01:00."));
        else if (SectionNames.Find(segments[0]) is null)
            errors.Add(new ConfigurationError(origin, $"{segments[0]} is not a section.{NearestName.Hint(segments[0], SectionNames.All)}"));
        else
            settings.Set(string.Join(':', segments), text[(equals + 1)..], origin);
    }
}
