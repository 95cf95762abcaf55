using Baton.Configuration;
using Baton.Handover;
using Baton.Handover.Init;
using Baton.Systemd;

namespace Baton.Init;

/// <summary>
/// Whether <c>baton run</c> stays in front of its generations as the small constant process. Looked at before anything else,
/// by hand, since that process is to load as little as it can.
/// </summary>
internal static class Front
{
    public const string Option = "--init";

    private static readonly string[] OptionsOfRun = ["--config", "--set", Option];
    private static readonly string[] Questions = ["--help", "-h", "-?", "--version"];

    /// <param name="arguments">The arguments of the process.</param>
    public static bool IsWanted(string[] arguments)
    {
        if (ConstantProcess.IsGeneration || !Serves(arguments))
            return false;
        // A service manager follows the generations itself, wherever the output of a service goes.
        return Array.IndexOf(arguments, Option) >= 0
            || (ConstantProcess.IsNeeded && (Environment.ProcessId == 1 || ProcessEnvironment.Get("NOTIFY_SOCKET") is null));
    }

    /// <summary>Runs until no generation is left.</summary>
    /// <returns>The exit code.</returns>
    public static int Run()
    {
        try
        {
            return ConstantProcess.Run(GivenSockets.Count);
        }
        catch (HandoverException e)
        {
            Console.Error.WriteLine($"baton: {e.Message}");
            return 1;
        }
    }

    private static bool Serves(string[] arguments)
    {
        foreach (var argument in arguments)
        {
            if (Array.IndexOf(Questions, argument) >= 0)
                return false;
        }

        return arguments.Length == 0 || arguments[0] == "run" || Array.IndexOf(OptionsOfRun, arguments[0].Split('=', ':')[0]) >= 0;
    }
}
