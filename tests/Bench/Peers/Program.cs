// Two commands: "echo PORT" is the backend for WebSockets, anything else the benchmark that starts it. tests/Bench/run says
// where the builds are that are compared.
using System.Globalization;
using System.Runtime.InteropServices;
using Baton.Bench.Peers;

if (args is ["echo", var port])
{
    await EchoServer.RunAsync(int.Parse(port, CultureInfo.InvariantCulture));
    return 0;
}

if (BenchOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

Native.AdoptOrphans();
var measurements = new Measurements();
var machine = await Machine.DescribeAsync(options);

// Interrupted, it ends what it has started first; what was measured until then is shown.
using var interrupted = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
await using (var scene = await Scene.CreateAsync())
{
    var run = new Run(options, scene, measurements, interrupted.Token);
    IPart[] parts = [.. options.Parts.Select<string, IPart>(name => name switch { "load" => new LoadPart(), "latency" => new LatencyPart(), _ => new UpgradePart() })];
    for (var round = 0; round < options.Rounds; round++)
    {
        foreach (var part in parts)
            await part.RunAsync(run);
        run.NextRound();
    }
}

var report = new Report(options, measurements, machine);
Console.WriteLine(report.Table());
if (options.Output is { } directory)
{
    Directory.CreateDirectory(directory);
    await File.WriteAllTextAsync(Path.Combine(directory, "results.json"), report.Json());
    await File.WriteAllTextAsync(Path.Combine(directory, "RESULTS.md"), $"# The last run\n\n{report.Table()}");
}

return interrupted.IsCancellationRequested ? 1 : 0;

void Interrupt(PosixSignalContext context)
{
    context.Cancel = true;
    interrupted.Cancel();
}
