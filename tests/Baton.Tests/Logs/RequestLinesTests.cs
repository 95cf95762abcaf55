using System.Text.Json.Nodes;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Logs;

/// <summary>What the log says of the request within which a line is written, and what it says of each where that is wanted.</summary>
public sealed class RequestLinesTests
{
    private const string Host = "Microsoft.AspNetCore.Hosting.Diagnostics";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_that_is_written_within_a_request_names_it()
    {
        await using var daemon = await StartAsync(new ConfigBuilder().Listen().ForwardTo($"http://127.0.0.1:{FreePort.Next()}/").Set("Serilog:MinimumLevel:Override:Yarp", "Information"));
        await GetAsync(daemon, "/in/vain?x=1");
        await daemon.WaitAsync(() => LinesOf(daemon).Any(line => line.StartsWith("Yarp.", StringComparison.Ordinal) && line.Contains(" path=/in/vain id=", StringComparison.Ordinal)), "name the request");
        Assert.DoesNotContain(LinesOf(daemon), line => line.EndsWith("path=/in/vain id=", StringComparison.Ordinal));
        Assert.DoesNotContain(LinesOf(daemon), line => line.StartsWith(Host, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_host_logs_each_request_where_that_is_wanted()
    {
        await using var daemon = await StartAsync(new ConfigBuilder().Listen().Set($"Serilog:MinimumLevel:Override:{Host}", "Information"));
        await GetAsync(daemon, "/wanted");
        await daemon.WaitAsync(() => LinesOf(daemon).Any(line => line.StartsWith(Host, StringComparison.Ordinal) && line.Contains("Request finished", StringComparison.Ordinal)), "log the request");
        Assert.Contains(LinesOf(daemon), line => line.Contains("Request starting", StringComparison.Ordinal) && line.Contains(" path=/wanted ", StringComparison.Ordinal));
    }

    private static Task<DaemonProcess> StartAsync(ConfigBuilder config) => DaemonProcess.StartAsync(config.Set("Serilog:WriteTo", new JsonArray(
        new JsonObject { ["Name"] = "Console", ["Args"] = new JsonObject { ["outputTemplate"] = DaemonLogPatterns.OutputTemplate } },
        new JsonObject { ["Name"] = "File", ["Args"] = new JsonObject { ["path"] = "app.log", ["outputTemplate"] = "{SourceContext}: {Message:lj} path={RequestPath} id={RequestId}{NewLine}" } })));

    private static async Task GetAsync(DaemonProcess daemon, string path)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{daemon.Port}{path}"), Token);
    }

    private static string[] LinesOf(DaemonProcess daemon)
    {
        using var file = new FileStream(Path.Combine(daemon.TemporaryDirectory, "app.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n');
    }
}
