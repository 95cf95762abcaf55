using System.Text.Json.Nodes;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Logs;

/// <summary>What the log looks like where the configuration names no sink.</summary>
public sealed class DefaultOutputTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Into_a_pipe_every_line_is_an_object_with_generation_and_pid()
    {
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().Set("Serilog:WriteTo", null).Baton("Probation", "00:00:00"));
        var first = daemon.Current.Pid;
        await daemon.UpgradeAsync();
        await daemon.WaitForOneProcessAsync();
        await File.WriteAllTextAsync(daemon.ConfigFile, "{ broken", Token);
        await daemon.WaitForLogAsync("is refused");
        var second = daemon.Current.Pid;
        daemon.Signal(second, Signo.SIGTERM);
        await daemon.WaitAsync(() => daemon.LiveProcesses().Count == 0, "end");

        var lines = daemon.Log.Lines.Select(line => JsonNode.Parse(line)!).ToList();
        Assert.All(lines, line => Assert.Equal((int)line["generation"]! == 1 ? first : second, (int)line["pid"]!));
        Assert.Equal([1, 2], lines.Select(line => (int)line["generation"]!).Distinct().Order());
        var ready = lines.First(line => ((string)line["message"]!).StartsWith("Generation 1 ", StringComparison.Ordinal));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", (string?)ready["time"]);
        Assert.Equal(("Information", "Baton.Handover.Upgrader", 1000), ((string?)ready["level"], (string?)ready["source"], (int)ready["eventId"]!));
        Assert.Contains(lines, line => (string?)line["level"] == "Error" && ((string)line["message"]!).Contains("is refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_template_of_ones_own_can_have_generation_and_pid()
    {
        var config = new ConfigBuilder().Listen().Set("Serilog:WriteTo:0:Name", "Console").Set("Serilog:WriteTo:0:Args:outputTemplate", "<{Generation} {Pid}> {Message:lj}{NewLine}");
        await using var daemon = await DaemonProcess.StartAsync(config);
        Assert.Contains(daemon.Log.Lines, line => line.StartsWith($"<1 {daemon.FirstPid}> Generation 1 ", StringComparison.Ordinal));
    }
}
