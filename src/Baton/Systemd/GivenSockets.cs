using System.Globalization;
using Baton.Configuration;

namespace Baton.Systemd;

/// <summary>The sockets that systemd has given this process, from a socket unit or from its fd store; sd_listen_fds(3).</summary>
/// <param name="Sockets">Their descriptors and names.</param>
internal sealed record GivenSockets(IReadOnlyList<(int Fd, string Name)> Sockets)
{
    private const int FirstFd = 3; // SD_LISTEN_FDS_START

    // systemd gives no more than fit below LimitNOFILE=; whoever writes the variable by hand may write anything.
    private const int Most = 4096;

    /// <summary>How many there are for this process; they are left in place.</summary>
    public static int Count => CountFor(pid => pid == Environment.ProcessId);

    /// <summary>Reads them from the environment, and takes them out of it: they are for this process alone.</summary>
    /// <param name="isMeant">Whether a pid is that of this process, or of one whose sockets it has.</param>
    public static GivenSockets Take(Predicate<int> isMeant)
    {
        var count = CountFor(isMeant);
        var named = ProcessEnvironment.Get("LISTEN_FDNAMES")?.Split(':') ?? [];
        foreach (var variable in (string[])["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"])
            ProcessEnvironment.Remove(variable);
        return new GivenSockets([.. Enumerable.Range(0, count).Select(index => (FirstFd + index, index < named.Length ? named[index] : ""))]);
    }

    private static int CountFor(Predicate<int> isMeant) =>
        Number("LISTEN_PID") is { } pid && isMeant(pid) && Number("LISTEN_FDS") is { } count and <= Most ? count : 0;

    private static int? Number(string variable) =>
        int.TryParse(ProcessEnvironment.Get(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
