using System.Diagnostics;
using Baton.Bench.Measuring;

namespace Baton.Bench.Transport;

/// <summary>A server in a process of its own, on a core of its own.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _process;

    private ServerProcess(Process process, string transport, Uri address)
    {
        _process = process;
        Transport = transport;
        Address = address;
    }

    public string Transport { get; }

    public Uri Address { get; }

    /// <summary>Processor time that it has used, in seconds.</summary>
    public double ProcessorSeconds => ProcessStat.Read(_process.Id)?.OwnSeconds ?? throw new InvalidOperationException($"The server '{Transport}' has ended.");

    public static async Task<ServerProcess> StartAsync(string transport)
    {
        var start = new ProcessStartInfo("taskset", ["-c", Cores.Server, Environment.ProcessPath!, "serve", transport])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };

        // Kestrel comes compiled ahead of time, the library does not: measured before the runtime has compiled both for good,
        // it would be the compiler's tiers that are compared. By default each new method puts that off by 100 ms.
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0";
        var process = Process.Start(start)!;
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The server '{transport}' did not start.");
        return new ServerProcess(process, transport, new Uri(address));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(EndTimeout))
            _process.Kill();
        _process.Dispose();
    }
}
