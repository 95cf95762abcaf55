using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Baton.Tests.Releases;
using Xunit;

namespace Baton.Tests.Systemd;

/// <summary>The service under a real systemd when its processes die or hang.</summary>
public sealed class RecoveryTests(SystemdLab lab, ReleaseArchive archive) : LabTests(lab, archive)
{
    [Fact]
    public async Task What_waits_in_the_queue_of_a_killed_process_and_what_connects_while_none_runs_is_answered_by_the_next()
    {
        await using var service = await Service.StartAsync(Lab, Config(), "RestartSec=2");
        var pid = await service.MainPidAsync();
        await service.FreezeAsync(pid);
        var waiting = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Page.OpenAsync(Port, Token)));
        var answers = waiting.Select(page => page.GetAsync(Token)).ToList();
        await KillMainAsync(service);
        var late = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Page.OpenAsync(Port, Token)));
        answers.AddRange(late.Select(page => page.GetAsync(Token)));

        Assert.All(await Task.WhenAll(answers), text => Assert.Contains("generation  1", text, StringComparison.Ordinal));
        await service.WaitForAsync("ActiveState", "active");
        Assert.Equal("1", await service.ShowAsync("NRestarts"));
        Assert.Equal(0, (await service.ControlAsync("reload")).Code);
        Array.ForEach([.. waiting, .. late], page => page.Dispose());
    }

    [Fact]
    public async Task A_successor_that_was_killed_leaves_its_listeners_too_also_a_new_one()
    {
        var added = FreePort.Next();
        await using var service = await Service.StartAsync(Lab, Config(), "RestartSec=2");
        Assert.Equal("1", await service.ShowAsync("NFileDescriptorStore"));
        service.Write(Config().Listen($"http://127.0.0.1:{added}", name: "second"));
        Assert.Equal(0, (await service.ControlAsync("reload")).Code);
        await service.WaitForAsync("NFileDescriptorStore", "2");
        await KillMainAsync(service);

        using var page = await Page.OpenAsync(added, Token);
        Assert.Contains("generation  1", await page.GetAsync(Token), StringComparison.Ordinal);
        await service.WaitForAsync("ActiveState", "active"); // A reload of what is still being started is none.
        service.Write(Config());
        Assert.Equal(0, (await service.ControlAsync("reload")).Code);
        // Kept in the store it would still take connections, which nobody would answer.
        await service.WaitForAsync("NFileDescriptorStore", "1");
        await Assert.ThrowsAnyAsync<Exception>(async () => await Page.GetAsync(added, Token));
    }

    [Fact]
    public async Task A_listener_in_the_store_whose_file_is_gone_is_bound_anew_and_thrown_out()
    {
        // In the runtime directory, which a restart empties here. It has a name of its own: where a dynamic user's is preserved it is
        // a link, which systemd 252 leaves behind when the service ends, and cannot make the directory of that name then.
        const string Path = "/run/baton-emptied/app.sock";
        await using var service = await Service.StartAsync(
            Lab, Config().Listen($"http://unix:{Path}", name: "unix"), "RuntimeDirectoryPreserve=no", "RuntimeDirectory=", "RuntimeDirectory=baton-emptied");
        for (var restart = 1; restart <= 2; restart++)
        {
            await service.KillAsync("KILL", await service.MainPidAsync());
            await service.WaitForAsync("NRestarts", $"{restart}");
            await service.WaitForAsync("ActiveState", "active");
            Assert.Contains("generation  1", await Lab.RunAsync("curl", "--silent", "--max-time", "10", "--unix-socket", Path, "http://localhost/"), StringComparison.Ordinal);
            await service.WaitForAsync("NFileDescriptorStore", "2");
        }
    }

    [Fact]
    public async Task A_successor_that_dies_on_probation_leaves_the_unit_as_it_was()
    {
        await using var service = await Service.StartAsync(Lab, Config().Baton("Probation", "00:00:20"));
        var pid = await service.MainPidAsync();
        var reloading = service.ControlAsync("reload");
        await service.WaitForJournalAsync("Generation 2 (pid");
        await service.KillAsync("KILL", await PidOfAsync(service, 2));

        Assert.NotEqual(0, (await reloading).Code);
        Assert.Equal((pid, "active", "0"), (await service.MainPidAsync(), await service.ShowAsync("ActiveState"), await service.ShowAsync("NRestarts")));
        Assert.Contains("generation  1", await Page.GetAsync(Port, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_new_main_process_dies_while_the_old_one_drains_the_old_one_finishes_and_the_service_is_started_anew()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var service = await Service.StartAsync(Lab, Config().ForwardTo(backend.Address));
        using var client = new HttpClient();
        string[] ids = ["1", "2", "3"];
        var old = ids.Select(id => client.GetStringAsync(new Uri($"http://127.0.0.1:{Port}/held?id={id}"), Token)).ToList();
        await backend.WaitForInFlightAsync(ids.Length, Token);
        Assert.Equal(0, (await service.ControlAsync("reload")).Code);

        await KillMainAsync(service);
        backend.Held.Open();
        await using var fresh = new Traffic(TimeSpan.FromMinutes(1), backend).Add(new ConnectionPerRequestClient(Port, 2));
        await fresh.StartAsync(Token);
        Assert.Equal(ids, await Task.WhenAll(old));
        await service.WaitForAsync("NRestarts", "1");
        await service.WaitForAsync("ActiveState", "active");
        await fresh.WaitForAnswersAsync(10, cancellationToken: Token);
        await fresh.StopAsync(Token);
        fresh.AssertNothingLost();
        Assert.Equal(0, (await service.ControlAsync("reload")).Code);
    }

    [Fact]
    public async Task The_watchdog_lets_a_service_live_that_answers_whichever_generation_it_is()
    {
        // Each answer has a third of it: with one second that is less than a start beside it may take from two cores.
        await using var service = await Service.StartAsync(Lab, Config(), "WatchdogSec=3");
        for (var reload = 0; reload < 2; reload++)
        {
            var (code, output) = await service.ControlAsync("reload");
            Assert.True(code == 0, $"{output}{Environment.NewLine}{await service.JournalAsync()}");
        }

        // By now several times the limit has passed since the start, and a later word came from the newest generation.
        var told = await service.ShowAsync("WatchdogTimestampMonotonic");
        for (var word = 0; word < 4; word++)
        {
            var before = told;
            await SystemdLab.WaitAsync(async () => (told = await service.ShowAsync("WatchdogTimestampMonotonic")) != before, "The watchdog is told", service.JournalAsync);
        }

        Assert.Equal(("active", "0"), (await service.ShowAsync("ActiveState"), await service.ShowAsync("NRestarts")));
    }

    [Fact]
    public async Task The_watchdog_starts_a_service_anew_that_hangs()
    {
        await using var service = await Service.StartAsync(Lab, Config(), "WatchdogSec=2", "TimeoutAbortSec=1"); // A stopped process does not even abort.
        var pid = await service.MainPidAsync();
        await service.FreezeAsync(pid);
        using var page = await Page.OpenAsync(Port, Token);
        Assert.Contains("generation  1", await page.GetAsync(Token), StringComparison.Ordinal);
        await service.WaitForAsync("NRestarts", "1");
        Assert.NotEqual(pid, await service.MainPidAsync());
        Assert.Contains("Watchdog timeout", await service.JournalAsync(), StringComparison.Ordinal);
    }

    // Returns when systemd knows.
    private static async Task KillMainAsync(Service service)
    {
        var pid = await service.MainPidAsync();
        await service.KillAsync("KILL", pid);
        await SystemdLab.WaitAsync(async () => await service.MainPidAsync() != pid, "The main process is another, or none", service.JournalAsync);
    }

    private static async Task<int> PidOfAsync(Service service, int generation)
    {
        var ready = (await service.JournalAsync()).Split('\n').First(line => line.Contains($"Generation {generation} (pid", StringComparison.Ordinal));
        return int.Parse(ready.Split("(pid ")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
