using Baton.Handover.Native;

namespace Baton.Handover.Init;

/// <summary>The terminal that a process was started from.</summary>
internal sealed class Terminal
{
    private const int StandardStreams = 3;

    private readonly int _fd;

    private Terminal(int fd) => _fd = fd;

    /// <summary>Null if none of the standard streams is one.</summary>
    public static Terminal? Find()
    {
        for (var fd = 0; fd < StandardStreams; fd++)
        {
            if (TerminalCalls.IsTerminal(fd))
                return new Terminal(fd);
        }

        return null;
    }

    /// <summary>Whether it has hung up: its window was closed, its connection lost.</summary>
    public bool IsGone => !TerminalCalls.IsTerminal(_fd);
}
