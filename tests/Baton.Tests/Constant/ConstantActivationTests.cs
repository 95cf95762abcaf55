using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Constant;

/// <summary>Sockets that were bound for the daemon (sd_listen_fds(3)) and given to the constant process.</summary>
public sealed class ConstantActivationTests
{
    // Binds two, and becomes the daemon with them as 3 and 4; LISTEN_PID is the pid of the constant process then.
    private const string Activator = """
        import os, socket, sys
        bound = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        print("given", *(s.getsockname()[1] for s in bound), flush=True)
        copies = [os.dup2(s.fileno(), fd, inheritable=True) for s, fd in zip(bound, (103, 104))]
        for number, copy in zip((3, 4), copies):
            os.dup2(copy, number, inheritable=True)
        for copy in copies:
            os.close(copy)
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="2", LISTEN_FDNAMES="Web:Other")
        os.execvp(sys.argv[1], sys.argv[1:])
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_for_generation_1_and_the_constant_process_keeps_none()
    {
        await using var daemon = DaemonProcess.Launch(
            new ConfigBuilder().Listen("http://127.0.0.1:1", name: "Web").Listen("http://127.0.0.1:2", name: "Other").Baton("Probation", "00:00:00"),
            new DaemonStart
            {
                Command = ["python3", "-c", Activator, .. DaemonExecutable.Command],
                Arguments = ["run", "--init", "--config", "{config}"],
            });
        await daemon.WaitForGenerationAsync(1);
        var given = (await daemon.WaitForLogAsync("given")).Split(' ')[1..].Select(text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToList();

        Assert.Equal(1, await Page.GenerationAsync(given[0], Token));
        Assert.Equal(1, await Page.GenerationAsync(given[1], Token));
        Assert.DoesNotContain(OpenDescriptors.Of(daemon.FirstPid), name => name.StartsWith("tcp listener", StringComparison.Ordinal));

        daemon.Signal(daemon.FirstPid, Signo.SIGHUP);
        await daemon.WaitForGenerationAsync(2);
        Assert.Equal(2, await Page.GenerationAsync(given[0], Token));
        Assert.Equal(2, await Page.GenerationAsync(given[1], Token));
        daemon.AssertNoUnexpectedWarnings();
    }
}
