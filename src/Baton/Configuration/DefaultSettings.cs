using Baton.Logs;

namespace Baton.Configuration;

/// <summary>
/// What holds when no source says anything: one loopback listener, and a log on the console. They are settings like any
/// others, so that the features read one configuration and know no second case.
/// </summary>
internal static class DefaultSettings
{
    private const string Origin = "default";
    private const string MinimumLevel = "Serilog:MinimumLevel";
    private const string Sinks = "Serilog:WriteTo";
    private const string ConsoleSink = $"{Sinks}:0";

    private const string Text = $"{{Timestamp:HH:mm:ss.fff}} {{Level:u3}} g{{{JsonLine.Generation}}}/{{{JsonLine.Pid}}} {{Message:lj}}{{NewLine}}{{Exception}}";

    // The one that the sink has by itself writes to a terminal piece by piece, and lines of two generations would be torn.
    private const string WholeLines = "Serilog.Sinks.SystemConsole.Themes.AnsiConsoleTheme::Literate, Serilog.Sinks.Console";

    public static void Complete(Settings settings)
    {
        if (!settings.Has("Kestrel:Endpoints"))
            settings.Set("Kestrel:Endpoints:Http:Url", "http://127.0.0.1:8080", Origin);

        // Serilog:MinimumLevel may be a plain level; then it is meant for everything.
        if (settings[MinimumLevel]?.Value is null && !settings.Has($"{MinimumLevel}:Override"))
        {
            settings.Set($"{MinimumLevel}:Override:Microsoft", "Warning", Origin);
            settings.Set($"{MinimumLevel}:Override:Yarp", "Warning", Origin);
        }

        if (!settings.Has(Sinks) && !settings.Has("Serilog:AuditTo"))
        {
            settings.Set($"{ConsoleSink}:Name", "Console", Origin);
            // For people at a terminal and in the journal, which has fields of its own; whatever else collects lines wants to parse them.
            if (!Console.IsOutputRedirected || Journal.IsOutput)
                settings.Set($"{ConsoleSink}:Args:outputTemplate", Text, Origin);
            else
                settings.Set($"{ConsoleSink}:Args:formatter", JsonLine.TypeName, Origin);
        }

        foreach (var sink in ConsoleSinks(settings).ToList())
        {
            if (!settings.Has($"{sink}:Args:theme") && !settings.Has($"{sink}:Args:formatter"))
                settings.Set($"{sink}:Args:theme", WholeLines, Origin);
        }
    }

    private static IEnumerable<string> ConsoleSinks(Settings settings) =>
        from sink in settings.Root.Find(Sinks)?.Children ?? []
        where sink.Child("Name")?.Value == "Console"
        select sink.Path;
}
