using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>The error numbers this library tells apart, and all of them in words; errno(3).</summary>
internal static class Errno
{
    public const int ENOENT = 2;
    public const int ESRCH = 3;
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int EMFILE = 24;
    public const int EMSGSIZE = 90;
    public const int ENOBUFS = 105;
    public const int ETOOMANYREFS = 109;

    /// <summary>What to do when descriptors have run out.</summary>
    public const string MoreDescriptors = "raise the limit on open files (LimitNOFILE=, ulimit -n)";

    public static int Last => Marshal.GetLastPInvokeError();

    public static string InWords(int errno) => $"{Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})";

    /// <summary>An exception for a call that has just failed.</summary>
    /// <param name="tried">What was tried and on what, as the start of a sentence: "Duplicating fd 7".</param>
    public static HandoverException Failure(string tried) => Failure(tried, Last);

    public static HandoverException Failure(string tried, int errno) =>
        new($"{tried} failed: {InWords(errno)}{(errno == EMFILE ? $"; {MoreDescriptors}" : "")}.");
}
