using System.Diagnostics;

namespace Baton.Bench.Measuring;

/// <summary>A program that ends by itself and prints what it has found.</summary>
public static class Tool
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <returns>What it wrote to its output; what it writes to its errors is seen where ours is.</returns>
    /// <exception cref="TimeoutException">It took more than two minutes, and was killed.</exception>
    public static async Task<string> OutputAsync(IReadOnlyList<string> command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true })!;
        using var deadline = new CancellationTokenSource(Timeout);
        try
        {
            var text = await process.StandardOutput.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return text;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"'{string.Join(' ', command)}' did not end within {Timeout.TotalMinutes:0} minutes, and was killed.");
        }
    }
}
