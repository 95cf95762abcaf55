using System.Globalization;
using System.Text.RegularExpressions;

namespace Baton.Tests.Daemon;

/// <summary>What the harness reads in the daemon's output; the one place to change when the daemon's words change.</summary>
internal static partial class DaemonLogPatterns
{
    /// <summary>The Serilog template that <see cref="ConfigBuilder"/> sets and <see cref="Event"/> reads.</summary>
    public const string OutputTemplate = "[{Timestamp:HH:mm:ss.fff} {Level:u3}] {SourceContext}: {Message:lj}{NewLine}{Exception}";

    /// <summary>A generation has begun to serve.</summary>
    [GeneratedRegex(@"Generation (?<number>\d+) \(pid (?<pid>\d+), version (?<version>[^)]+)\) is ready")]
    public static partial Regex Ready();

    /// <summary>A line of the banner.</summary>
    [GeneratedRegex(@"listening on\s+(?<address>[a-z]+://[^\s'"",]+)", RegexOptions.IgnoreCase)]
    public static partial Regex Listening();

    /// <summary>The first line of a log event.</summary>
    [GeneratedRegex(@"^\[\d\d:\d\d:\d\d\.\d{3} (?<level>[A-Z]{3})\]")]
    public static partial Regex Event();

    /// <summary>The pid in a line that says that a successor was launched.</summary>
    public static int LaunchedPid(string line) => int.Parse(Launched().Match(line).Groups["pid"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Launched generation \d+ \(pid (?<pid>\d+)\)")]
    private static partial Regex Launched();

    /// <summary>What the runtime itself says of a process that it ends.</summary>
    [GeneratedRegex(@"^(Unhandled exception|Process terminated|Fatal error)", RegexOptions.IgnoreCase)]
    public static partial Regex Crash();

    /// <summary>What Kestrel says when the whole machine stood still for a second: nothing that a generation has done.</summary>
    [GeneratedRegex("the heartbeat has been running for")]
    public static partial Regex Standstill();
}
