using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Baton.Handover.Processes;

/// <summary>
/// A generation's link to the constant process in front of it: a pipe on which the generation that answers for the service says
/// so, and whose end tells that no generation is left. Each passes it on to the next.
/// </summary>
internal sealed class ConstantLink(InheritedLink inherited) : IDisposable
{
    private const string Main = "main";

    private readonly FileStream _pipe = new(new SafeFileHandle(inherited.Fd, ownsHandle: true), FileAccess.Write, bufferSize: 0);

    /// <summary>The pid of the constant process.</summary>
    public int Pid { get; } = inherited.Pid;

    /// <summary>The pipe's descriptor, for the next generation.</summary>
    public int Fd => (int)_pipe.SafeFileHandle.DangerousGetHandle();

    /// <summary>Says which process answers for the service. A constant process that is gone does not mind.</summary>
    public void Announce(int pid)
    {
        try
        {
            _pipe.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Main} {pid}\n")));
        }
        catch (IOException)
        {
            // Killed: the generations go on without it.
        }
    }

    /// <summary>The process that a line names as the main one; null for a line of another kind, of a later build.</summary>
    public static int? MainOf(string line) =>
        line.Split(' ') is [Main, var pid, ..] && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    public void Dispose() => _pipe.Dispose();
}

/// <summary>The link to the constant process, as it is inherited.</summary>
internal sealed record InheritedLink(int Fd, int Pid);
