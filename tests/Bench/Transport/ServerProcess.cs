using System.Diagnostics;
using System.Globalization;

namespace Baton.Bench.Transport;

/// <summary>A server in a process of its own, on a core of its own.</summary>
internal sealed class ServerProcess : IDisposable
{
    // USER_HZ, in which /proc counts; it is 100 on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    // Counted from the ")" that ends the name; proc_pid_stat(5) counts from 1: 14 is utime, 15 is stime.
    private const int UserTimeField = 11;

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
    public double ProcessorSeconds
    {
        get
        {
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields.AsSpan(UserTimeField, 2).ToArray().Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

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
