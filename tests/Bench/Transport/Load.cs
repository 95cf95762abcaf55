using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Baton.Bench.Transport;

/// <summary>One run of wrk, which ends by itself.</summary>
internal static partial class Load
{
    private const string Connections = "32";

    public static async Task<Sample> RunAsync(ServerProcess server, Scenario scenario, int seconds)
    {
        string[] wrk = ["-c", Cores.Load, "wrk", "-t1", "-c" + Connections, $"-d{seconds}s", .. scenario.Arguments, new Uri(server.Address, scenario.Path).ToString()];
        var before = server.ProcessorSeconds;
        using var process = Process.Start(new ProcessStartInfo("taskset", wrk) { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var used = server.ProcessorSeconds - before;

        // "  213512 requests in 4.00s, 30.54MB read"
        var result = Result().Match(text);
        if (!result.Success || text.Contains("Non-2xx", StringComparison.Ordinal) || text.Contains("Socket errors", StringComparison.Ordinal))
            throw new InvalidOperationException($"The load '{scenario.Title}' on '{server.Transport}' failed:\n{text}");
        var requests = double.Parse(result.Groups[1].Value, CultureInfo.InvariantCulture);
        return new Sample(requests / double.Parse(result.Groups[2].Value, CultureInfo.InvariantCulture), used / requests);
    }

    [GeneratedRegex(@"(\d+) requests in ([\d.]+)s")]
    private static partial Regex Result();
}
