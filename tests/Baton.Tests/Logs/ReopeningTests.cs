using System.Text.Json.Nodes;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Logs;

/// <summary>SIGUSR1, as logrotate sends it after it has moved the files away.</summary>
public sealed class ReopeningTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_moved_log_file_is_let_go_of_and_a_new_one_begun(bool shared)
    {
        await using var daemon = await StartAsync("app.log", shared);
        var file = Path.Combine(daemon.TemporaryDirectory, "app.log");
        var moved = file + ".1";
        File.Move(file, moved);
        await TouchAsync(daemon, 1);
        Assert.False(File.Exists(file));

        daemon.Signal(daemon.FirstPid, Signo.SIGUSR1);
        await daemon.WaitForLogAsync("Log files were opened anew");
        await TouchAsync(daemon, 2);
        await daemon.WaitAsync(() => Holds(file, "is refused"), "write to the new file");
        Assert.DoesNotContain("Log files were opened anew", await File.ReadAllTextAsync(moved, Token), StringComparison.Ordinal);
        Assert.True(Holds(moved, "is refused"));
        await daemon.WaitAsync(() => !OpenDescriptors.Links(daemon.FirstPid).Any(link => link.Target == moved), "close the old file");
        daemon.AssertNoUnexpectedWarnings("is refused");
    }

    [Fact]
    public async Task When_the_new_file_cannot_be_opened_the_old_one_stays_in_use()
    {
        await using var daemon = await StartAsync("logs/app.log", shared: true);
        var directory = Path.Combine(daemon.TemporaryDirectory, "logs");
        Directory.Move(directory, directory + ".old");
        await File.WriteAllTextAsync(directory, "in the way", Token);

        daemon.Signal(daemon.FirstPid, Signo.SIGUSR1);
        await daemon.WaitForLogAsync("Opening the log files anew (SIGUSR1) failed");
        await daemon.WaitAsync(() => Holds(directory + ".old/app.log", "Opening the log files anew (SIGUSR1) failed"), "write to the old file");
        daemon.AssertNoUnexpectedWarnings("Opening the log files anew");
    }

    private static Task<DaemonProcess> StartAsync(string file, bool shared) =>
        DaemonProcess.StartAsync(new ConfigBuilder().Listen().Set("Serilog:WriteTo", new JsonArray(
            new JsonObject { ["Name"] = "Console", ["Args"] = new JsonObject { ["outputTemplate"] = DaemonLogPatterns.OutputTemplate } },
            new JsonObject { ["Name"] = "File", ["Args"] = new JsonObject { ["path"] = file, ["shared"] = shared } })));

    // A change that is refused is logged: something to write.
    private static async Task TouchAsync(DaemonProcess daemon, int number)
    {
        var before = daemon.Log.Lines.Count(line => line.Contains("is refused", StringComparison.Ordinal));
        await File.WriteAllTextAsync(daemon.ConfigFile, $"{{ broken {number}", Token);
        await daemon.WaitAsync(() => daemon.Log.Lines.Count(line => line.Contains("is refused", StringComparison.Ordinal)) > before, "refuse the change");
    }

    private static bool Holds(string file, string text)
    {
        if (!File.Exists(file))
            return false;
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Contains(text, StringComparison.Ordinal);
    }
}
