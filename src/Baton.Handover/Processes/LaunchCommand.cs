using System.Text;
using Baton.Handover.Native;

namespace Baton.Handover.Processes;

/// <summary>
/// How this process was itself started: the command that starts its successor. argv[0] as it was given, so that a symlink
/// that was switched since is followed; <see cref="Environment.ProcessPath"/> would resolve it to the old release.
/// </summary>
/// <param name="Arguments">The command with its arguments, argv[0] first; proc(5), <c>/proc/pid/cmdline</c>.</param>
/// <param name="WorkingDirectory">The directory it was started in.</param>
internal sealed record LaunchCommand(IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    public string File => Arguments[0];

    /// <summary>Reads the command of this process; to be called once, at start, before anything changes directory.</summary>
    public static LaunchCommand OfThisProcess()
    {
        var text = Encoding.UTF8.GetString(System.IO.File.ReadAllBytes("/proc/self/cmdline"));
        return new LaunchCommand(text.TrimEnd('\0').Split('\0'), Environment.CurrentDirectory);
    }

    /// <summary>An exception for the command that could not be started, with the advice that the kernel's word alone does not give.</summary>
    /// <param name="tried">As the start of a sentence: "Starting the successor".</param>
    /// <param name="errno">What the kernel said.</param>
    public HandoverException Failure(string tried, int errno) =>
        new($"{tried} failed: {File} in {WorkingDirectory}: {Errno.InWords(errno)}. {Advice()}");

    private string Advice() =>
        !Directory.Exists(WorkingDirectory)
            ? $"The working directory {WorkingDirectory} does not exist any more. Create it again, or restart from another one."
            : $"Check that {File} exists, is executable and is a program for this machine.";
}
