using System.Text.Json;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Admin;

/// <summary>The admin socket: where it is, who may use it, and that it answers whatever the generations do.</summary>
public sealed class AdminSocketTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("baton-admin-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Status_answers_every_time_over_ten_upgrades()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        using var admin = new AdminRequests(daemon.AdminSocket);
        using var stop = new CancellationTokenSource();
        var asked = AskUntilAsync(admin, stop.Token);

        for (var generation = 2; generation <= 11; generation++)
        {
            await daemon.UpgradeAsync();
            await daemon.WaitForOneProcessAsync();
        }

        await stop.CancelAsync();
        var generations = await asked;
        Assert.Equal(Enumerable.Range(1, 11), generations.Distinct().Order());
        TestContext.Current.SendDiagnosticMessage($"{generations.Count} answers over ten upgrades");
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task Status_says_what_the_generation_is_and_what_the_last_upgrade_did()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        using var admin = new AdminRequests(daemon.AdminSocket);
        await daemon.UpgradeAsync();
        await daemon.WaitForOneProcessAsync();

        var status = await admin.WaitForStatusAsync(status => status.GetProperty("reports").GetArrayLength() > 0, Token);

        Assert.Equal(2, status.GetProperty("generation").GetInt32());
        Assert.Equal(daemon.Current.Pid, status.GetProperty("pid").GetInt32());
        Assert.Equal(daemon.Current.Version, status.GetProperty("version").GetString());
        Assert.Equal("Serving", status.GetProperty("phase").GetString());
        Assert.Equal(daemon.ConfigFile, status.GetProperty("configuration").GetString());
        Assert.Equal([$"http://127.0.0.1:{daemon.Port}"], status.GetProperty("listeners").EnumerateArray().Select(address => address.GetString()));
        Assert.Equal((0, 0), (status.GetProperty("open").GetProperty("requests").GetInt32(), status.GetProperty("open").GetProperty("connections").GetInt32()));
        var report = Assert.Single(status.GetProperty("reports").EnumerateArray());
        Assert.Equal((1, 2, "Completed"), (report.GetProperty("from").GetInt32(), report.GetProperty("to").GetInt32(), report.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task It_is_for_its_owner_alone_and_goes_with_the_last_generation()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config().Baton("UnixSockets:Mode", "0666"));
        var socket = daemon.AdminSocket;
        var directory = Path.GetDirectoryName(socket)!;
        await daemon.UpgradeAsync();
        var last = await daemon.WaitForOneProcessAsync();

        Assert.Equal("600", Convert.ToString((int)File.GetUnixFileMode(socket), 8));
        Assert.Equal("600", Convert.ToString((int)File.GetUnixFileMode(socket + ".key"), 8));
        Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(directory), 8));

        daemon.Signal(last.Pid, Signo.SIGTERM);
        await daemon.WaitForExitAsync(last.Pid);
        Assert.Empty(Directory.GetFileSystemEntries(directory));
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task Its_paths_and_the_public_ones_do_not_meet()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(Config().ForwardTo(backend.Address));
        using var admin = new AdminRequests(daemon.AdminSocket);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}") };

        var (code, body) = await admin.SendAsync(HttpMethod.Get, "/nothing", Token);
        Assert.Equal(404, code);
        Assert.Contains("GET /status", body, StringComparison.Ordinal);
        Assert.Equal(405, (await admin.SendAsync(HttpMethod.Get, "/upgrade", Token)).Code);
        Assert.Equal(405, (await admin.SendAsync(HttpMethod.Post, "/status", Token)).Code);
        Assert.Equal(0, backend.Requests);

        foreach (var path in new[] { "/status", "/upgrade", "/canary" })
        {
            using var response = await client.PostAsync(new Uri(path, UriKind.Relative), null, Token);
            Assert.DoesNotContain("generation", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        Assert.Equal(3, backend.Requests);
        Assert.Equal(1, daemon.Current.Number);
    }

    [Fact]
    public async Task It_is_where_the_configuration_or_systemd_says()
    {
        var path = Path.Combine(_directory, "a.sock");
        await using (var daemon = await DaemonProcess.StartAsync(Config().Baton("Admin:Socket", path)))
        {
            Assert.True((await BatonCommand.UpgradeAsync(daemon)).ExitCode == 0);
            Assert.False(Directory.Exists(Path.Combine(daemon.TemporaryDirectory, "baton")));
        }

        await using var service = await DaemonProcess.StartAsync(
            Config(), new DaemonStart { Environment = new Dictionary<string, string?> { ["RUNTIME_DIRECTORY"] = _directory } });
        var run = await BatonCommand.RunAsync(null, "upgrade", "--socket", Path.Combine(_directory, "admin.sock"));
        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [Fact]
    public async Task There_is_none_if_it_is_turned_off()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config().Baton("Admin:Socket", "none"));
        Assert.False(Directory.Exists(Path.Combine(daemon.TemporaryDirectory, "baton")));
        var run = await BatonCommand.UpgradeAsync(daemon);
        Assert.True(run.ExitCode == 1 && run.Errors.Contains("Baton:Admin:Socket is \"none\"", StringComparison.Ordinal), run.ToString());
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task Where_it_cannot_be_had_the_proxy_serves_without_it_and_says_so()
    {
        var runtime = Path.Combine(_directory, "no-directory");
        await File.WriteAllTextAsync(runtime, "", Token);
        await using var daemon = await DaemonProcess.StartAsync(
            Config(), new DaemonStart { Environment = new Dictionary<string, string?> { ["XDG_RUNTIME_DIR"] = runtime } });

        await Page.GetAsync(daemon.Port, Token);
        await daemon.UpgradeAsync();

        Assert.All(daemon.Log.UnexpectedWarnings(), warning => Assert.Contains("There is no admin socket", warning, StringComparison.Ordinal));
        Assert.Contains($"Making the directory {runtime}/baton failed", await daemon.WaitForLogAsync("There is no admin socket"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_of_the_configuration_that_cannot_be_used_ends_the_start()
    {
        var path = Path.Combine(_directory, new string('x', 120));

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => DaemonProcess.StartAsync(Config().Baton("Admin:Socket", path)));

        Assert.Contains($"Listening on {path} failed: the path is longer than the 107 bytes", fault.Message, StringComparison.Ordinal);
    }

    private static ConfigBuilder Config() => new ConfigBuilder().Listen().Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:00.200");

    private static async Task<List<int>> AskUntilAsync(AdminRequests admin, CancellationToken stop)
    {
        var generations = new List<int>();
        while (!stop.IsCancellationRequested)
        {
            JsonElement status = await admin.StatusAsync(Token);
            generations.Add(status.GetProperty("generation").GetInt32());
            Assert.Single(status.GetProperty("generations").EnumerateArray(), one => one.GetProperty("pid").GetInt32() == status.GetProperty("pid").GetInt32());
        }

        return generations;
    }
}
