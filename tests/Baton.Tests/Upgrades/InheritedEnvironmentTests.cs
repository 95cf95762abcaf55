using System.Globalization;
using System.Text;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Upgrades;

/// <summary>What a successor inherits: the environment of its predecessor, its descriptors, and not its parenthood.</summary>
public sealed class InheritedEnvironmentTests
{
    private static readonly Dictionary<string, string?> Odd = new()
    {
        ["A.B-C"] = "x",
        ["WITH SPACE"] = " a  b ",
        ["EMPTY"] = "",
        ["EQUALS"] = "a=b==c",
        ["LINES"] = "one\ntwo",
        ["ÜMLAUT"] = "grüß € 🎼",
        ["1DIGIT"] = "$HOME `id` \"'\\",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Odd_variables_reach_the_third_generation_unchanged()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config(), new DaemonStart { Environment = Odd });
        var first = InitialEnvironment(daemon.FirstPid);

        await daemon.UpgradeAsync();
        var third = InitialEnvironment((await daemon.UpgradeAsync()).Pid);

        Assert.All(Odd, variable => Assert.Contains($"{variable.Key}={variable.Value}", third));
        Assert.Equal(first.Order(StringComparer.Ordinal), third.Where(text => !IsHandover(text)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_meant_for_one_process_does_not_reach_the_next()
    {
        var own = new Dictionary<string, string?>
        {
            ["LISTEN_PID"] = "1",
            ["LISTEN_FDS"] = "2",
            ["LISTEN_FDNAMES"] = "a:b",
            ["WATCHDOG_PID"] = "1",
            ["WATCHDOG_USEC"] = "30000000",
        };
        await using var daemon = await DaemonProcess.StartAsync(Config(), new DaemonStart { Environment = own });
        var second = InitialEnvironment((await daemon.UpgradeAsync()).Pid);
        var third = InitialEnvironment((await daemon.UpgradeAsync()).Pid);

        foreach (var environment in new[] { second, third })
        {
            Assert.All(["LISTEN_PID=", "LISTEN_FDS=", "LISTEN_FDNAMES=", "WATCHDOG_PID="],
                name => Assert.DoesNotContain(environment, text => text.StartsWith(name, StringComparison.Ordinal)));
            // The watchdog is there for whoever is the main process.
            Assert.Contains("WATCHDOG_USEC=30000000", environment);
        }
        // Its own inheritance, not the one of its predecessor beside it.
        Assert.Contains("\"generation\":2,", Assert.Single(second, IsHandover), StringComparison.Ordinal);
        Assert.Contains("\"generation\":3,", Assert.Single(third, IsHandover), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_parent_of_a_successor_is_not_its_predecessor()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        var ancestors = Ancestors(daemon.FirstPid);
        var parents = new List<int>();
        for (var generation = 2; generation <= 3; generation++)
            parents.Add(ProcessState.Read((await daemon.UpgradeAsync()).Pid)!.ParentPid);

        // Init, or the nearest subreaper, which is one of the ancestors of the first; prctl(2).
        Assert.All(parents, parent => Assert.Contains(parent, ancestors));
    }

    [Fact]
    public async Task No_descriptor_leaks_into_a_successor()
    {
        using var program = new InstalledProgram();
        await using var daemon = await DaemonProcess.StartAsync(
            Config().Listen("http://[::1]:0"), new DaemonStart { Command = [program.Command], Listeners = 2 });
        await daemon.UpgradeAsync();
        await daemon.WaitForOneProcessAsync();
        using var client = await Page.OpenAsync(daemon.Port, Token); // A descriptor more that must not leak.
        await client.GetAsync(Token);
        var gate = program.PointToHeldRelease();
        daemon.Signal(daemon.Current.Pid, Signo.SIGHUP);
        var successor = DaemonLogPatterns.LaunchedPid(await daemon.WaitForLogAsync("Launched generation 3 (pid"));
        await gate.ReachedAsync();

        // The shell reads its script through one more, keeps its standard input in another while it waits, and whoever
        // started the tests may have left some to everybody.
        var everybodys = OpenDescriptors.Links(Environment.ProcessId).ToHashSet();
        var inherited = OpenDescriptors.Links(successor)
            .Where(link => link.Fd <= 2 || !(everybodys.Contains(link) || link.Target.EndsWith("/baton", StringComparison.Ordinal) || link.Target == "/dev/null"))
            .OrderBy(link => link.Fd)
            .ToList();

        // Two listeners and the admin socket, the ready pipe, the channel, what the predecessor knows.
        Assert.True(inherited.Count == 9, string.Join(", ", inherited));
        Assert.Equal(["socket:", "socket:", "socket:", "pipe:", "socket:", "/memfd:"], inherited.Skip(3).Select(link => link.Target[..(link.Target.IndexOf(':', StringComparison.Ordinal) + 1)]));
        gate.Open();
        await daemon.WaitForGenerationAsync(3);
        daemon.AssertNoUnexpectedWarnings();
    }

    private static ConfigBuilder Config() => new ConfigBuilder().Listen().Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:00");

    private static bool IsHandover(string text) => text.StartsWith("BATON_HANDOVER=", StringComparison.Ordinal);

    // The initial block: what the process was started with, whatever it has changed since.
    private static string[] InitialEnvironment(int pid) => File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/environ", Encoding.UTF8).TrimEnd('\0').Split('\0');

    private static List<int> Ancestors(int pid)
    {
        var ancestors = new List<int>();
        while (pid > 0 && ProcessState.Read(pid) is { } process)
            ancestors.Add(pid = process.ParentPid);
        return ancestors;
    }
}
