using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Releases;

/// <summary>A program that is replaced where it lies, under the running process, as install, rsync and dpkg do.</summary>
public sealed class ReplacedFilesTests(ReleaseArchive archive)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_replaced_under_the_running_process_loses_nothing()
    {
        var next = await archive.NextProgramAsync();
        var directory = Directory.CreateTempSubdirectory("baton-replaced-").FullName;
        ExecutableFile.Copy(Path.Combine(ReleaseArchive.ProgramDirectory, "baton"), Path.Combine(directory, "baton"));
        using var program = new InstalledProgram(directory);
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        // Long enough for a second request in flight: a client that sends it at once can be faster than its connection moves.
        await using var daemon = await DaemonProcess.StartAsync(
            new ConfigBuilder().Listen().ForwardTo(backend.Address).Baton("DrainTimeout", "00:00:30"), new DaemonStart { Command = [program.Command] });
        await using var traffic = new Traffic(TimeSpan.FromMinutes(2), backend).Add(
            new KeepAliveClient(daemon.Port, 2, 5), new ConnectionPerRequestClient(daemon.Port));
        await using var draining = new Traffic(TimeSpan.FromMinutes(2), backend).Add(
            new InFlightClient(daemon.Port, 5, 6000), new SlowDownloadClient(daemon.Port, 2), new WebSocketEchoClient(daemon.Port, 5, reopens: true));
        await traffic.StartAsync(Token);
        await draining.StartAsync(Token);

        var draft = Path.Combine(directory, "baton.new");
        ExecutableFile.Copy(Path.Combine(next, "baton"), draft);
        File.Move(draft, Path.Combine(directory, "baton"), overwrite: true);
        await traffic.WaitForAnswersAsync(20, cancellationToken: Token);
        var second = await daemon.UpgradeAsync();

        Assert.Equal(ReleaseArchive.NextVersion, second.Version);
        await traffic.WaitForAnswersAsync(20, cancellationToken: Token);
        Assert.Equal(0, await daemon.FirstExitCodeAsync(TimeSpan.FromSeconds(40)));
        await daemon.WaitForLogAsync("handed over to 2");
        await draining.StopAsync(Token);
        await traffic.StopAsync(Token);
        draining.AssertNothingLost();
        traffic.AssertNothingLost();
        Assert.Equal(second.Pid, (await daemon.WaitForOneProcessAsync()).Pid);
        daemon.AssertNoUnexpectedWarnings("tunnel of route");
        Directory.Delete(directory, recursive: true);
    }
}
