using System.Globalization;
using System.Text.Json.Nodes;
using Baton.Tests.AccessLog;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Baton.Tests.Releases;
using Xunit;

namespace Baton.Tests.Systemd;

/// <summary>The service as it is shipped, under a real systemd: started, reloaded and stopped.</summary>
public sealed class ServiceTests(SystemdLab lab, ReleaseArchive archive) : LabTests(lab, archive)
{
    [Fact]
    public async Task It_may_do_little_more_than_listen()
    {
        await using var service = await Service.StartAsync(Lab, Config());
        var verdict = await Lab.RunAsync("systemd-analyze", "security", "--no-pager", "baton.service");
        var exposure = double.Parse(verdict.Split("exposure level for baton.service:")[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
        Assert.InRange(exposure, 0, 2.0);
        Assert.Contains("generation  1", await Page.GetAsync(Port, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_listens_on_aPort_that_only_root_may_use()
    {
        await using var service = await Service.StartAsync(Lab, new ConfigBuilder().Listen("http://127.0.0.1:81"));
        Assert.Contains("generation  1", await Page.GetAsync(81, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_reloads_under_load_lose_nothing_and_the_main_pid_follows()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var service = await Service.StartAsync(Lab, Config().ForwardTo(backend.Address));
        await using var traffic = new Traffic(TimeSpan.FromMinutes(2), backend).Add(
            new KeepAliveClient(Port, 4, 5), new ConnectionPerRequestClient(Port, 2), new InFlightClient(Port, 4, 700), new WebSocketEchoClient(Port, 3));
        await traffic.StartAsync(Token);

        var pids = new HashSet<int> { await service.MainPidAsync() };
        for (var reload = 0; reload < 10; reload++)
        {
            var (code, output) = await service.ControlAsync("reload");
            Assert.True(code == 0, output);
            Assert.True(pids.Add(await service.MainPidAsync()), "The main pid is an old one.");
            // The reload may end a moment before the new generation has said so.
            await SystemdLab.WaitAsync(
                async () => (await service.ShowAsync("StatusText")).StartsWith($"Generation {reload + 2} serving", StringComparison.Ordinal),
                $"Generation {reload + 2} says that it serves",
                service.JournalAsync);
            Assert.Equal(("active", "0"), (await service.ShowAsync("ActiveState"), await service.ShowAsync("NRestarts")));
            await traffic.WaitForAnswersAsync(5, cancellationToken: Token);
        }

        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();
        await AssertQuietAsync(service);
    }

    [Fact]
    public async Task A_reload_with_a_broken_configuration_fails_visibly_and_the_service_goes_on()
    {
        await using var service = await Service.StartAsync(Lab, Config());
        var pid = await service.MainPidAsync();
        service.WriteText("""{ "Baton": { "DrainTimout": "1" } }""");

        Assert.NotEqual(0, (await service.ControlAsync("reload")).Code);
        Assert.Equal((pid, "active"), (await service.MainPidAsync(), await service.ShowAsync("ActiveState")));
        Assert.StartsWith("Generation 1 serving; upgrade to generation 2 failed: ", await service.ShowAsync("StatusText"), StringComparison.Ordinal);
        await service.WaitForJournalAsync("Did you mean DrainTimeout?");
        // By the command that systemctl reload runs, as an error: "journalctl -p err" shows it.
        Assert.Contains(await service.EntriesAsync(), entry =>
            Field(entry, "PRIORITY") == "3" && Text(entry).Contains("Did you mean DrainTimeout?", StringComparison.Ordinal));
        Assert.Contains("generation  1", await Page.GetAsync(Port, Token), StringComparison.Ordinal);

        service.Write(Config());
        Assert.Equal(0, (await service.ControlAsync("reload")).Code);
        Assert.NotEqual(pid, await service.MainPidAsync());
    }

    [Fact]
    public async Task A_dry_run_under_load_changes_neither_the_main_pid_nor_the_state_and_the_reload_after_it_works()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var service = await Service.StartAsync(Lab, Config().ForwardTo(backend.Address));
        await using var traffic = new Traffic(TimeSpan.FromMinutes(1), backend).Add(new KeepAliveClient(Port, 4, 5), new ConnectionPerRequestClient(Port, 2));
        await traffic.StartAsync(Token);
        var pid = await service.MainPidAsync();
        var stored = await service.ShowAsync("NFileDescriptorStore");

        for (var rehearsal = 0; rehearsal < 3; rehearsal++)
        {
            var (code, output) = await Lab.TryAsync("baton", "upgrade", "--config", "/etc/baton/baton.json", "--dry-run");
            Assert.True(code == 0, output);
            Assert.Matches(@"memory     \d+\.\d MiB resident when it was ready, \d+\.\d MiB of them its own share", output);
            Assert.Equal((pid, "active", "running", "0"), (await service.MainPidAsync(), await service.ShowAsync("ActiveState"), await service.ShowAsync("SubState"), await service.ShowAsync("NRestarts")));
            Assert.Equal(stored, await service.ShowAsync("NFileDescriptorStore"));
            await traffic.WaitForAnswersAsync(5, cancellationToken: Token);
        }

        Assert.Equal("Generation 1 serving", await service.ShowAsync("StatusText"));
        Assert.Equal(0, (await service.ControlAsync("reload")).Code);
        Assert.NotEqual(pid, await service.MainPidAsync());
        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();
        await AssertQuietAsync(service);
    }

    [Fact]
    public async Task What_it_logs_has_its_priority_in_the_journal()
    {
        await using var service = await Service.StartAsync(Lab, Config().Set("Nonsense:Key", "value"));
        await service.WaitForJournalAsync("Nonsense is not a section");
        await service.WaitForJournalAsync("is ready");
        var entries = await service.EntriesAsync();
        Assert.Contains(entries, entry => Text(entry).Contains("Nonsense is not a section", StringComparison.Ordinal) && Field(entry, "PRIORITY") == "4");
        Assert.Contains(entries, entry => Text(entry).Contains("is ready", StringComparison.Ordinal) && Field(entry, "PRIORITY") == "6" && Field(entry, "SYSLOG_IDENTIFIER") == "baton");
    }

    [Fact]
    public async Task A_stop_while_the_old_generation_drains_finishes_what_both_have_begun()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var service = await Service.StartAsync(Lab, Config().ForwardTo(backend.Address));
        await using var old = new Traffic(TimeSpan.FromMinutes(1), backend).Add(new InFlightClient(Port, 3, 6000));
        await old.StartAsync(Token);
        Assert.Equal(0, (await service.ControlAsync("reload")).Code);
        await using var young = new Traffic(TimeSpan.FromMinutes(1), backend).Add(new InFlightClient(Port, 3, 3000));
        await young.StartAsync(Token);

        var stopping = service.ControlAsync("stop");
        await Task.WhenAll(old.StopAsync(Token), young.StopAsync(Token));
        Assert.Equal(0, (await stopping).Code);
        old.AssertNothingLost();
        young.AssertNothingLost();
        Assert.Equal(("inactive", "success", "0"), (await service.ShowAsync("ActiveState"), await service.ShowAsync("Result"), await service.ShowAsync("NRestarts")));
        await AssertQuietAsync(service);
    }

    [Fact]
    public async Task A_drain_may_last_longer_than_the_unit_lets_a_stop_take()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var service = await Service.StartAsync(Lab, Config().ForwardTo(backend.Address), "TimeoutStopSec=1");
        await using var traffic = new Traffic(TimeSpan.FromMinutes(1), backend).Add(new InFlightClient(Port, 2, 4000));
        await traffic.StartAsync(Token);

        var stopping = service.ControlAsync("stop");
        await traffic.StopAsync(Token);
        await stopping;
        traffic.AssertNothingLost();
        Assert.Equal("success", await service.ShowAsync("Result"));
    }

    [Fact]
    public async Task The_log_is_text_in_the_journal_and_logrotate_may_move_the_access_log()
    {
        await using var service = await Service.StartAsync(Lab, Config().Set("Serilog", null).WithAccessLog("/var/log/baton/access.log", "combined"));
        var pid = await service.MainPidAsync();
        await service.WaitForJournalAsync("is ready");
        var ready = (await service.EntriesAsync()).First(entry => Text(entry).Contains("is ready", StringComparison.Ordinal));
        Assert.Equal("6", Field(ready, "PRIORITY"));
        Assert.Matches($@"^\d\d:\d\d:\d\d\.\d{{3}} INF g1/{pid} Generation 1 ", Text(ready));

        await Page.GetAsync(Port, Token);
        var log = $"{Lab.Root}/var/log/baton/access.log";
        await SystemdLab.WaitAsync(async () => await LinesAsync(log) == 1, "the line is written", service.JournalAsync);
        await Lab.RunAsync("mv", "/var/log/baton/access.log", "/var/log/baton/access.log.1");
        await Lab.RunAsync("systemctl", "kill", "--signal=USR1", "baton.service");
        await service.WaitForJournalAsync("Log files were opened anew");
        await Page.GetAsync(Port, Token);
        await SystemdLab.WaitAsync(async () => await LinesAsync(log) == 1 && await LinesAsync($"{log}.1") == 1, "the second line is in the new file", service.JournalAsync);
        await Lab.RunAsync("rm", "-rf", "/var/log/private/baton/access.log", "/var/log/private/baton/access.log.1");
    }

    private async Task<int> LinesAsync(string file) => (await Lab.RunAsync("cat", file[Lab.Root.Length..])).Count(character => character == '\n');

    private static async Task AssertQuietAsync(Service service) =>
        Assert.Equal("", string.Join('\n', (await service.EntriesAsync())
            .Where(entry => Field(entry, "PRIORITY") is "0" or "1" or "2" or "3" or "4").Select(Text).Where(text => !DaemonLogPatterns.Standstill().IsMatch(text))));

    private static string Text(JsonNode entry) => Field(entry, "MESSAGE");

    private static string Field(JsonNode entry, string name) => entry[name]?.ToString() ?? "";
}
