using System.Diagnostics;

namespace Baton.Tests.Releases;

/// <summary>One run of a program to its end, with what it printed.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed record ScriptRun(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Added to the test's; null removes a variable.</param>
    public static async Task<ScriptRun> OfAsync(IReadOnlyList<string> command, params IEnumerable<(string Name, string? Value)> environment)
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Under `dotnet test` those of the outer build would lead an inner one astray.
        foreach (var name in info.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            info.Environment.Remove(name);
        foreach (var (name, value) in environment)
            info.Environment[name] = value;

        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{string.Join(' ', command)} did not end within {Patience}:\n{await output}{await errors}");
        }
        return new ScriptRun(process.ExitCode, await output, await errors);
    }

    /// <summary>The same for a command that has to succeed; returns its standard output.</summary>
    public static async Task<string> OutputOfAsync(IReadOnlyList<string> command, params IEnumerable<(string Name, string? Value)> environment)
    {
        var run = await OfAsync(command, environment);
        return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException($"{string.Join(' ', command)}: {run}");
    }

    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
