using System.Text.Json.Nodes;
using Baton.Tests.Daemon;

namespace Baton.Tests.AccessLog;

/// <summary>The access log of a daemon under test, in JSON, read while it is written.</summary>
public static class AccessLogFile
{
    public const string Name = "access.log";

    /// <summary>Lets the daemon write one into its own directory.</summary>
    public static ConfigBuilder WithAccessLog(this ConfigBuilder config, string path = Name, string format = "json") =>
        config.Set("Baton:AccessLog:Path", path).Set("Baton:AccessLog:Format", format);

    public static string PathOf(DaemonProcess daemon) => Path.Combine(daemon.TemporaryDirectory, Name);

    /// <summary>Every line that is complete, of the file and of those that it was before (access.log.1 …).</summary>
    public static IReadOnlyList<string> Lines(DaemonProcess daemon) =>
        [.. Directory.GetFiles(daemon.TemporaryDirectory, Name + "*").Order(StringComparer.Ordinal).SelectMany(LinesOf)];

    /// <summary>The same as objects; one that is torn throws.</summary>
    public static IReadOnlyList<JsonNode> Entries(DaemonProcess daemon) => [.. Lines(daemon).Select(line => JsonNode.Parse(line)!)];

    /// <summary>Waits for the line of the request whose target has that text.</summary>
    public static async Task<JsonNode> WaitForAsync(DaemonProcess daemon, string target)
    {
        JsonNode? Find() => Entries(daemon).FirstOrDefault(entry => ((string)entry["path"]!).Contains(target, StringComparison.Ordinal));
        await daemon.WaitAsync(() => Find() is not null, $"log the request for {target}");
        return Find()!;
    }

    private static string[] LinesOf(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        var complete = text[..(text.LastIndexOf('\n') + 1)];
        return complete.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
