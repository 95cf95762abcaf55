using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Constant;
using Baton.Tests.Daemon;
using Baton.Tests.Releases;
using Xunit;

namespace Baton.Tests.Containers;

/// <summary>The image of the Dockerfile as it stands, run by podman with a read-only root and no capability.</summary>
public sealed class ContainerTests(ContainerLab lab, ReleaseArchive archive)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_upgrades_under_load_lose_nothing_and_leave_nothing_behind()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var container = await Container.StartAsync(lab, Config().ForwardTo(backend.Address));
        var (constant, port) = (container.Constant, await container.PortAsync());
        await using var traffic = new Traffic(TimeSpan.FromMinutes(2), backend).Add(
            new KeepAliveClient(port, 2, 5), new ConnectionPerRequestClient(port), new InFlightClient(port, 3, 1000));
        await traffic.StartAsync(Token);

        for (var upgrade = 0; upgrade < 10; upgrade++)
        {
            await container.UpgradeAsync();
            await traffic.WaitForAnswersAsync(1, cancellationToken: Token);
        }

        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();
        Assert.Equal(constant, container.Constant with { State = constant.State, Threads = constant.Threads });
        Assert.Equal(2, container.Processes().Count);
        Assert.DoesNotContain(ProcessState.ChildrenOf(constant.Pid), child => child.Exited);
        await container.WaitAsync(() => Task.FromResult(container.Constant.ResidentBytes <= ConstantScene.MostResident), "have a small PID 1");
        await container.AssertNoWarningsAsync();
        TestContext.Current.SendDiagnosticMessage($"PID 1: {container.Constant.ResidentBytes / 1024} KiB resident{Environment.NewLine}{traffic.Summary()}");
    }

    [Fact]
    public async Task Stop_finishes_what_is_in_flight_and_the_container_ends_with_0()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var container = await Container.StartAsync(lab, Config().ForwardTo(backend.Address));
        await container.UpgradeAsync();
        using var client = new HttpClient();
        var slow = client.GetStringAsync(new Uri($"http://127.0.0.1:{await container.PortAsync()}/slow?ms=3000&id=slow"), Token);
        await backend.WaitForInFlightAsync(1, Token);

        var (exitCode, output) = await container.TryAsync("stop"); // With podman's own time limit, 10 s.

        Assert.True(exitCode == 0, output);
        Assert.Equal("slow", await slow);
        Assert.Equal(0, await container.ExitCodeAsync());
        await container.AssertNoWarningsAsync();
    }

    [Fact]
    public async Task The_crash_of_the_only_generation_ends_the_container_with_its_status()
    {
        await using var container = await Container.StartAsync(lab, Config());
        await container.UpgradeAsync();

        Assert.True(container.Generations.Single().Send(Signo.SIGKILL));

        Assert.Equal(137, await container.ExitCodeAsync());
    }

    [Fact]
    public async Task Whoever_loses_its_parent_is_reaped()
    {
        await using var container = await Container.StartAsync(lab, Config());
        var constant = container.Constant;
        Assert.Equal(0, (await container.ExecAsync("sh", "-c", "sleep 3600 >/dev/null 2>&1 & ")).ExitCode);
        var orphan = Assert.Single(ProcessState.ChildrenOf(constant.Pid), child => child.Pid != container.Generations.MinBy(process => process.StartTime)!.Pid);

        Assert.True(orphan.Send(Signo.SIGKILL));

        await container.WaitAsync(() => Task.FromResult(ProcessState.Read(orphan.Pid) is null), "reap the orphan");
        Assert.Single(ProcessState.ChildrenOf(constant.Pid));
    }

    [Fact]
    public async Task It_is_healthy_while_it_serves_as_a_user_without_rights()
    {
        await using var container = await Container.StartAsync(lab, Config());
        await container.WaitAsync(async () => (await container.TryAsync("healthcheck", "run")).ExitCode == 0, "be healthy");
        Assert.Equal("healthy", await container.InspectAsync("{{.State.Health.Status}}"));

        var (exitCode, ready) = await container.ExecAsync("baton", "health", "--ready");
        Assert.True(exitCode == 0 && ready.StartsWith("ready: generation 1 ", StringComparison.Ordinal), ready);
        Assert.Equal("1654\n", (await container.ExecAsync("id", "-u")).Output);
        Assert.NotEqual(0, (await container.ExecAsync("sh", "-c", "echo >/opt/baton/x")).ExitCode);
        var (upgrade, report) = await container.ExecAsync("baton", "upgrade");
        Assert.True(upgrade == 0 && report.Contains("Upgrade completed", StringComparison.Ordinal), report);
        await container.WaitForOneGenerationAsync();

        Assert.True(container.Generations.Single().Send(Signo.SIGSTOP));
        var (sick, reason) = await container.ExecAsync("baton", "health", "--timeout", "1");
        Assert.True(sick == 1 && reason.Contains("has not answered within 1 s", StringComparison.Ordinal), reason);
        await container.AssertNoWarningsAsync();
    }

    [Fact]
    public async Task After_a_crash_the_same_container_starts_again_with_its_admin_socket()
    {
        await using var container = await Container.StartAsync(lab, Config());
        Assert.True(container.Generations.Single().Send(Signo.SIGKILL));
        await container.ExitCodeAsync();

        Assert.Equal(0, (await container.TryAsync("start")).ExitCode);
        await container.WaitForReadyAsync(2);

        var (exitCode, report) = await container.ExecAsync("baton", "upgrade");
        Assert.True(exitCode == 0, report);
    }

    [Fact]
    public async Task The_release_in_a_mounted_directory_takes_over_when_its_link_is_switched()
    {
        await lab.ReadyAsync();
        var releases = Directory.CreateTempSubdirectory("baton-releases-");
        try
        {
            File.SetUnixFileMode(releases.FullName, (UnixFileMode)0x1ED);
            await RunAsync("cp", "-rL", await archive.NextProgramAsync(), Path.Combine(releases.FullName, "next"));
            await RunAsync("chmod", "-R", "a+rX", releases.FullName);
            var link = Path.Combine(releases.FullName, "current");
            File.CreateSymbolicLink(link, "/opt/baton"); // The one of the image.
            await using var container = await Container.StartAsync(
                lab, Config(), "--volume", $"{releases.FullName}:/releases:ro", "--entrypoint", """["/releases/current/baton","run"]""");
            var port = await container.PortAsync();

            File.Delete(link);
            File.CreateSymbolicLink(link, "next");
            await container.UpgradeAsync();

            Assert.Contains($"version     {ReleaseArchive.NextVersion}", await Page.GetAsync(port, Token), StringComparison.Ordinal);
        }
        finally
        {
            releases.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(0, "baton 0.", "version")]
    [InlineData(0, "Usage:", "--help")]
    [InlineData(2, "baton run --help lists", "run", "--confg", "x")]
    [InlineData(1, "There is no such file", "run", "--config", "/there/is/none.json")]
    public async Task What_does_not_serve_ends_the_container_with_its_own_status(int exitCode, string output, params string[] arguments)
    {
        await lab.ReadyAsync();
        var run = await lab.TryAsync(["podman", "run", "--rm", "--network", "none", "--entrypoint", "baton", ContainerLab.Image, .. arguments]);
        Assert.True(run.ExitCode == exitCode && run.Output.Contains(output, StringComparison.Ordinal), $"{run.ExitCode} {run.Output}");
    }

    private static ConfigBuilder Config() => new ConfigBuilder()
        .Listen()
        .Baton("Probation", "00:00:00")
        .Baton("IdleLinger", "00:00:00.200")
        .Set("Serilog:MinimumLevel:Override:Microsoft.AspNetCore.DataProtection", "Error");

    private static async Task RunAsync(params string[] command)
    {
        using var process = System.Diagnostics.Process.Start(command[0], command[1..]);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
    }
}
