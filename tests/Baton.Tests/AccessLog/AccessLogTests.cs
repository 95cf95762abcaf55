using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.AccessLog;

/// <summary>The access log of the real daemon: every request has its line, once and whole.</summary>
public sealed partial class AccessLogTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_ten_upgrades_and_two_rotations_every_request_has_its_line()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var config = new ConfigBuilder().Listen().ForwardTo(backend.Address).WithAccessLog().Baton("Probation", "00:00:00.200");
        await using var daemon = await DaemonProcess.StartAsync(config);
        await using var traffic = new Traffic(TimeSpan.FromMinutes(2), backend).Add(
            new KeepAliveClient(daemon.Port, connections: 4), new ConnectionPerRequestClient(daemon.Port), new InFlightClient(daemon.Port, 4, 300));
        await traffic.StartAsync(Token);

        for (var upgrade = 1; upgrade <= 10; upgrade++)
        {
            await daemon.UpgradeAsync();
            await traffic.WaitForAnswersAsync(5, cancellationToken: Token);
            if (upgrade % 4 == 0)
                await RotateAsync(daemon, upgrade / 4);
        }

        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();
        daemon.Signal((await daemon.WaitForOneProcessAsync()).Pid, Signo.SIGTERM);
        await daemon.WaitAsync(() => daemon.LiveProcesses().Count == 0, "end");

        var entries = AccessLogFile.Entries(daemon);
        Assert.Equal(3, Directory.GetFiles(daemon.TemporaryDirectory, AccessLogFile.Name + "*").Length);
        Assert.Equal(backend.Received.Keys.Order(StringComparer.Ordinal), entries.Select(IdOf).Order(StringComparer.Ordinal));
        Assert.All(entries, entry => Assert.Equal(("completed", 200, 0), ((string?)entry["end"], (int)entry["status"]!, (int)entry["retries"]!)));
        Assert.Equal(Enumerable.Range(1, 11), entries.Select(entry => (int)entry["generation"]!).Distinct().Order());
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_keeps_a_daemon_from_starting()
    {
        await using var daemon = DaemonProcess.Launch(new ConfigBuilder().Listen().WithAccessLog("/nowhere/access.log"));
        Assert.Equal(1, await daemon.FirstExitCodeAsync());
        var line = await daemon.WaitForLogAsync("Baton:AccessLog:Path: Opening /nowhere/access.log to append to it failed: No such file or directory");
        Assert.Contains("baton.json:", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_disk_is_full_it_is_said_once_and_the_service_goes_on()
    {
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().WithAccessLog("/dev/full"));
        await Page.GetAsync(daemon.Port, Token);
        await daemon.WaitForLogAsync("The access log cannot be written to: No space left on device");
        for (var request = 0; request < 10; request++)
            await Page.GetAsync(daemon.Port, Token);
        daemon.Signal(daemon.FirstPid, Signo.SIGTERM);
        Assert.Equal(0, await daemon.FirstExitCodeAsync());

        Assert.Single(daemon.Log.Lines, line => line.Contains("The access log cannot be written to", StringComparison.Ordinal));
        daemon.AssertNoUnexpectedWarnings("The access log cannot be written to");
    }

    [Fact]
    public async Task When_nobody_takes_the_lines_requests_go_on_and_what_is_dropped_is_counted()
    {
        const int Requests = 3000;
        var directory = Directory.CreateTempSubdirectory("baton-test-").FullName;
        var fifo = Path.Combine(directory, "fifo");
        Assert.Equal(0, MkFifo(fifo, 0x180));
        var lines = 0;
        await using (var held = new FileStream(fifo, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0))
        await using (var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().WithAccessLog(fifo).Set("Baton:AccessLog:QueueSize", 64)))
        {
            using var page = await Page.OpenAsync(daemon.Port, Token);
            for (var request = 0; request < Requests; request++)
                await page.GetAsync(Token);
            daemon.Signal(daemon.FirstPid, Signo.SIGTERM);
            using var reader = new StreamReader(new FileStream(fifo, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            var reading = Task.Run(
                async () =>
                {
                    while (await reader.ReadLineAsync(Token) is { } line && JsonNode.Parse(line) is not null)
                        lines++;
                },
                Token);
            Assert.Equal(0, await daemon.FirstExitCodeAsync());
            await held.DisposeAsync();
            await reading;

            int Dropped() => daemon.Log.Lines.Where(line => line.Contains("access log lines were dropped", StringComparison.Ordinal))
                .Sum(line => int.Parse(line.Split("AccessLogWriter: ")[1].Split(' ')[0], CultureInfo.InvariantCulture));
            await daemon.WaitAsync(() => lines + Dropped() == Requests, $"account for what is missing beside {lines} lines");
            Assert.NotEqual(Requests, lines);
            daemon.AssertNoUnexpectedWarnings("access log lines were dropped");
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task On_the_standard_output_lines_are_beside_those_of_the_log()
    {
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().WithAccessLog("stdout", "<{status} {path} {userAgent}>"));
        await Page.GetAsync(daemon.Port, Token);
        await daemon.WaitForLogAsync("<200 / ->");
        daemon.Signal(daemon.FirstPid, Signo.SIGUSR1);
        await daemon.WaitForLogAsync("Log files were opened anew");
        await Page.GetAsync(daemon.Port, Token);
        await daemon.WaitAsync(() => daemon.Log.Lines.Count(line => line == "<200 / ->") == 2, "write the second line");
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_new_file_is_for_its_owner_and_a_group()
    {
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().WithAccessLog());
        Assert.Equal(
            UnixFileMode.None,
            File.GetUnixFileMode(AccessLogFile.PathOf(daemon)) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead));
    }

    [Fact]
    public async Task When_the_new_file_cannot_be_opened_the_old_one_stays_in_use()
    {
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().WithAccessLog());
        var file = AccessLogFile.PathOf(daemon);
        File.Move(file, file + ".1");
        Directory.CreateDirectory(file);
        daemon.Signal(daemon.FirstPid, Signo.SIGUSR1);
        await daemon.WaitForLogAsync($"Opening {AccessLogFile.Name} to append to it failed: Is a directory");
        Directory.Delete(file);
        await Page.GetAsync(daemon.Port, Token);
        await daemon.WaitAsync(() => AccessLogFile.Lines(daemon).Count == 1, "write to the old file");
        daemon.AssertNoUnexpectedWarnings("Opening the log files anew");
    }

    // As logrotate does: both generations are told, and each goes on with the old file until it is.
    private static async Task RotateAsync(DaemonProcess daemon, int number)
    {
        var file = AccessLogFile.PathOf(daemon);
        File.Move(file, $"{file}.{number}");
        var anew = daemon.Log.Lines.Count(line => line.Contains("Log files were opened anew", StringComparison.Ordinal));
        foreach (var process in daemon.LiveProcesses())
            process.Send(Signo.SIGUSR1);
        await daemon.WaitAsync(() => daemon.Log.Lines.Count(line => line.Contains("Log files were opened anew", StringComparison.Ordinal)) > anew, "open its files anew");
    }

    private static string IdOf(JsonNode entry) => ((string)entry["path"]!).Split("id=")[1].Split('&')[0];

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkFifo(string path, uint mode);
}
