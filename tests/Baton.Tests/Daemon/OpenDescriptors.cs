using System.Globalization;

namespace Baton.Tests.Daemon;

/// <summary>
/// What a process holds open, in words, so that two looks at it can be compared: without its TCP connections, which come
/// and go with the traffic. proc(5): <c>/proc/pid/fd</c>, <c>/proc/pid/net</c>.
/// </summary>
public static class OpenDescriptors
{
    private const string TcpCloseWait = "08";
    private const string TcpListen = "0A";

    /// <summary>One line a descriptor, sorted: "pipe", "anon_inode:[pidfd]", "tcp listener 0100007F:1F90", "unix 0005 01 /path" …</summary>
    public static IReadOnlyList<string> Of(int pid)
    {
        var sockets = Tcp(pid, "tcp").Concat(Tcp(pid, "tcp6")).Concat(Unix(pid)).ToLookup(socket => socket.Inode, socket => socket.Name);
        return [.. Links(pid).Select(link => Name(link.Target, sockets)).OfType<string>().Order(StringComparer.Ordinal)];
    }

    /// <summary>What <paramref name="now"/> has more than <paramref name="before"/>.</summary>
    public static IReadOnlyList<string> More(IEnumerable<string> now, IEnumerable<string> before)
    {
        var more = now.ToList();
        foreach (var name in before)
            more.Remove(name);
        return more;
    }

    /// <summary>How many of its descriptors are TCP sockets that do not listen.</summary>
    public static int TcpConnections(int pid)
    {
        var connections = Tcp(pid, "tcp").Concat(Tcp(pid, "tcp6")).Where(socket => socket.Name is null).Select(socket => $"socket:[{socket.Inode}]").ToHashSet();
        return Links(pid).Count(link => connections.Contains(link.Target));
    }

    /// <summary>How many connections to a port on 127.0.0.1 the server has ended and the client, who can see it, has not.</summary>
    public static int EndedByServer(int port) =>
        Rows(Environment.ProcessId, "tcp").Count(row => row[2] == $"0100007F:{port:X4}" && row[3] == TcpCloseWait);

    /// <summary>Number and target of every descriptor.</summary>
    public static IEnumerable<(int Fd, string Target)> Links(int pid)
    {
        foreach (var entry in Directory.GetFileSystemEntries($"/proc/{pid}/fd"))
        {
            // It may have been closed since the directory was read.
            if (new FileInfo(entry).LinkTarget is { } target)
                yield return (int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture), target);
        }
    }

    private static string? Name(string target, ILookup<string, string?> sockets)
    {
        if (target.StartsWith("pipe:", StringComparison.Ordinal))
            return "pipe";
        if (!target.StartsWith("socket:[", StringComparison.Ordinal))
            return target;
        var inode = target["socket:[".Length..^1];
        return sockets.Contains(inode) ? sockets[inode].First() : "socket of another kind";
    }

    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
    private static IEnumerable<(string Inode, string? Name)> Tcp(int pid, string kind) =>
        Rows(pid, kind).Select(row => (row[9], row[3] == TcpListen ? $"tcp listener {row[1]}" : null));

    // Num: RefCount Protocol Flags Type St Inode Path
    private static IEnumerable<(string Inode, string? Name)> Unix(int pid) =>
        Rows(pid, "unix").Select(row => (row[6], (string?)$"unix {row[4]} {row[5]} {(row.Length > 7 ? row[7] : "")}".TrimEnd()));

    private static IEnumerable<string[]> Rows(int pid, string kind)
    {
        var file = $"/proc/{pid}/net/{kind}";
        return File.Exists(file)
            ? File.ReadAllLines(file).Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : [];
    }
}
