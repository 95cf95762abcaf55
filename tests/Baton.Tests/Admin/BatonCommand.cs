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
        var run = await ProgramRun.OfAsync([.. DaemonExecutable.Command, .. arguments], Patience, environment.Select(variable => (variable.Key, variable.Value)));
        return new BatonCommand(run.ExitCode, run.Output, run.Errors);
    }

    /// <summary>Runs <c>baton upgrade</c> for a daemon, found by its configuration.</summary>
    public static Task<BatonCommand> UpgradeAsync(DaemonProcess daemon, params IReadOnlyList<string> arguments) =>
        RunAsync(daemon, ["upgrade", "--config", daemon.ConfigFile, .. arguments]);

    /// <summary>Starts it for a daemon, found by its configuration, to be read as it runs.</summary>
    public static Process Start(DaemonProcess daemon, params IReadOnlyList<string> arguments) =>
        Process.Start(new ProcessStartInfo(DaemonExecutable.Command[0], [.. DaemonExecutable.Command.Skip(1), .. arguments, "--config", daemon.ConfigFile])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["XDG_RUNTIME_DIR"] = daemon.TemporaryDirectory },
        })!;

    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
