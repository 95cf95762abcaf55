using System.Diagnostics;
using Baton.Tests.Daemon;

namespace Baton.Tests.Admin;

/// <summary>One run of the program that is no daemon, with what it printed.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed record BatonCommand(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Runs it with the runtime directory of a daemon; without one, with none.</summary>
    public static Task<BatonCommand> RunAsync(DaemonProcess? daemon, params IReadOnlyList<string> arguments) =>
        RunInAsync(new Dictionary<string, string?> { ["XDG_RUNTIME_DIR"] = daemon?.TemporaryDirectory }, arguments);

    /// <summary>Runs it with a changed environment; null removes a variable.</summary>
    public static async Task<BatonCommand> RunInAsync(IReadOnlyDictionary<string, string?> environment, params IReadOnlyList<string> arguments)
    {
        var command = DaemonExecutable.Command;
        var info = new ProcessStartInfo(command[0], [.. command.Skip(1), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new BatonCommand(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"baton {string.Join(' ', arguments)} did not end within {Patience.TotalSeconds} s.");
        }
    }

    /// <summary>Runs <c>baton upgrade</c> for a daemon, found by its configuration.</summary>
    public static Task<BatonCommand> UpgradeAsync(DaemonProcess daemon, params IReadOnlyList<string> arguments) =>
        RunAsync(daemon, ["upgrade", "--config", daemon.ConfigFile, .. arguments]);

    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
