using System.Globalization;
using System.Text.RegularExpressions;

namespace Baton.Bench.Measuring;

/// <summary>One run of wrk, which ends by itself.</summary>
public static partial class Wrk
{
    private const string Connections = "32";

    /// <summary>The script with which wrk posts 10 kB.</summary>
    public static string PostScript { get; } = Path.Combine(AppContext.BaseDirectory, "post.lua");

    /// <param name="address">What is asked for.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="arguments">What wrk is told beyond the number of connections and the time.</param>
    /// <param name="core">The core that it is bound to, if any.</param>
    /// <exception cref="InvalidOperationException">A request failed; the message has what wrk said.</exception>
    public static async Task<LoadResult> RunAsync(Uri address, int seconds, IReadOnlyList<string> arguments, string? core = null)
    {
        string[] wrk = ["wrk", "-t1", "-c" + Connections, $"-d{seconds}s", .. arguments, address.ToString()];
        var text = await Tool.OutputAsync(core is null ? wrk : ["taskset", "-c", core, .. wrk]);

        // "  213512 requests in 4.00s, 30.54MB read"
        var result = Result().Match(text);
        if (!result.Success || text.Contains("Non-2xx", StringComparison.Ordinal) || text.Contains("Socket errors", StringComparison.Ordinal))
            throw new InvalidOperationException($"The load '{string.Join(' ', wrk)}' failed:\n{text}");
        return new LoadResult(double.Parse(result.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(result.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"(\d+) requests in ([\d.]+)s")]
    private static partial Regex Result();
}
