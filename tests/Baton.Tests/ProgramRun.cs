using System.Diagnostics;

namespace Baton.Tests;

/// <summary>One run of a program to its end, with what it printed.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Added to the test's; null removes a variable.</param>
    public static Task<ProgramRun> OfAsync(IReadOnlyList<string> command, params IEnumerable<(string Name, string? Value)> environment) =>
        OfAsync(command, Patience, environment);

    /// <param name="command">The program and its arguments.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="environment">Added to the test's; null removes a variable.</param>
    /// <param name="directory">Where it starts; default: where the tests run.</param>
    public static async Task<ProgramRun> OfAsync(IReadOnlyList<string> command, TimeSpan patience, IEnumerable<(string Name, string? Value)> environment, string directory = "")
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = directory,
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
        using var limit = new CancellationTokenSource(patience);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{string.Join(' ', command)} did not end within {patience}:\n{await output}{await errors}");
        }
        return new ProgramRun(process.ExitCode, await output, await errors);
    }

    /// <summary>The same for a command that has to succeed; returns its standard output.</summary>
    public static Task<string> OutputOfAsync(IReadOnlyList<string> command, params IEnumerable<(string Name, string? Value)> environment) =>
        OutputOfAsync(command, Patience, environment);

    /// <summary>The same for one that may take longer, or has to be quicker.</summary>
    public static async Task<string> OutputOfAsync(IReadOnlyList<string> command, TimeSpan patience, IEnumerable<(string Name, string? Value)> environment)
    {
        var run = await OfAsync(command, patience, environment);
        return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException($"{string.Join(' ', command)}: {run}");
    }

    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
