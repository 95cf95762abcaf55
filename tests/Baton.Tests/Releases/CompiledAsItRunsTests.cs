using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Releases;

/// <summary>The same program as <c>dotnet run</c> and <c>dotnet build</c> leave it, without a native one: slower, not broken.</summary>
public sealed class CompiledAsItRunsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_serves_and_upgrades_and_nothing_is_lost()
    {
        using var program = new InstalledProgram(DaemonExecutable.BuiltDirectory);
        await UpgradeAsync(["dotnet", program.Command + ".dll"], _ => { });
    }

    [Fact]
    public async Task It_hands_over_to_the_native_program_and_takes_over_from_it()
    {
        using var program = new InstalledProgram(DaemonExecutable.BuiltDirectory);
        await UpgradeAsync(
            [program.Command],
            generation => program.PointTo(generation % 2 == 0 ? ReleaseArchive.ProgramDirectory : DaemonExecutable.BuiltDirectory));
    }

    private static async Task UpgradeAsync(IReadOnlyList<string> command, Action<int> before)
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var config = new ConfigBuilder().Listen().ForwardTo(backend.Address).Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:01");
        await using var daemon = await DaemonProcess.StartAsync(config, new DaemonStart { Command = command });
        await using var traffic = new Traffic(TimeSpan.FromMinutes(2), backend).Add(
            new KeepAliveClient(daemon.Port, 2, 5), new ConnectionPerRequestClient(daemon.Port), new InFlightClient(daemon.Port, 2, 1000));
        await traffic.StartAsync(Token);

        for (var generation = 2; generation <= 4; generation++)
        {
            before(generation);
            Assert.Equal(generation, (await daemon.UpgradeAsync()).Number);
            await traffic.WaitForAnswersAsync(3, cancellationToken: Token);
        }

        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();
        await daemon.WaitForOneProcessAsync();
        daemon.AssertNoUnexpectedWarnings();
    }
}
