using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Baton.Handover.Processes;

/// <summary>
/// A generation's link to the constant process in front of it: a pipe on which the generation that answers for the service says
/// so, and that it has taken a SIGHUP; its end tells that no generation is left. Each passes it on to the next.
/// </summary>
internal sealed class ConstantLink(InheritedLink inherited) : IDisposable
{
    private const string Main = "main";
    private const string Taken = "hangup";

    private readonly FileStream _pipe = new(new SafeFileHandle(inherited.Fd, ownsHandle: true), FileAccess.Write, bufferSize: 0);

    /// <summary>The pid of the constant process.</summary>
    public int Pid { get; } = inherited.Pid;

    /// <summary>The pipe's descriptor, for the next generation.</summary>
    public int Fd => (int)_pipe.SafeFileHandle.DangerousGetHandle();

    /// <summary>Says which process answers for the service.</summary>
    public void Announce(int pid) => Say(string.Create(CultureInfo.InvariantCulture, $"{Main} {pid}"));

    /// <summary>Says that a SIGHUP has arrived, and will not be lost.</summary>
    public void ConfirmHangup() => Say(Taken);

    /// <summary>The process that a line names as the main one; null for a line of another kind, of a later build.</summary>
    public static int? MainOf(string line) =>
        line.Split(' ') is [Main, var pid, ..] && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    /// <summary>Whether a line says that a SIGHUP has arrived.</summary>
    public static bool IsHangupTaken(string line) => line.Split(' ')[0] == Taken;

    public void Dispose() => _pipe.Dispose();

    private void Say(string line)
    {
        try
        {
            _pipe.Write(Encoding.ASCII.GetBytes(line + "\n"));
        }
        catch (IOException)
        {
            // Killed: the generations go on without it.
        }
    }
}

/// <summary>The link to the constant process, as it is inherited.</summary>
internal sealed record InheritedLink(int Fd, int Pid);
