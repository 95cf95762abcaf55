namespace Baton.Configuration;

/// <summary>
/// What holds when no source says anything: one loopback listener, and a log on the console. They are settings like any
/// others, so that the features read one configuration and know no second case.
/// </summary>
internal static class DefaultSettings
{
    private const string Origin = "default";
    private const string MinimumLevel = "Serilog:MinimumLevel";
    private const string ConsoleSink = "Serilog:WriteTo:0";

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

        if (!settings.Has("Serilog:WriteTo") && !settings.Has("Serilog:AuditTo"))
        {
            settings.Set($"{ConsoleSink}:Name", "Console", Origin);
            settings.Set($"{ConsoleSink}:Args:outputTemplate", "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}", Origin);
        }
    }
}
