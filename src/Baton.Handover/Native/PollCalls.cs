using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>Waiting until a descriptor can be read from or written to; poll(2).</summary>
internal static unsafe partial class PollCalls
{
    public const short POLLIN = 1;
    public const short POLLOUT = 4;

    /// <param name="descriptor">Which.</param>
    /// <param name="events">What is waited for.</param>
    /// <param name="timeoutMilliseconds">For how long at most; -1 without an end.</param>
    /// <returns>Whether it has come, or an error that the next call on the descriptor says.</returns>
    public static bool Wait(DescriptorHandle descriptor, short events, int timeoutMilliseconds)
    {
        var poll = new PollFd { Fd = descriptor.Fd, Events = events };
        return PollCore(&poll, 1, timeoutMilliseconds) > 0;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollCore(PollFd* fds, nuint count, int timeoutMilliseconds);

    private struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }
}
