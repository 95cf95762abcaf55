using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Baton.Configuration;

/// <summary>Who listens where in this network namespace, as far as this user may know; /proc/net in proc(5).</summary>
internal sealed class HeldAddresses
{
    private const string Listening = "0A"; // TCP_LISTEN
    private const long AcceptsConnections = 0x10000; // __SO_ACCEPTCON
    private const string SocketPrefix = "socket:[";

    private readonly List<(IPEndPoint Address, uint UserId, string Inode)> _tcp = [];
    private readonly List<(string Path, string Inode)> _unix = [];
    private readonly Lazy<ILookup<string, int>> _pids = new(PidsByInode);

    private HeldAddresses()
    {
    }

    public static HeldAddresses Read()
    {
        var held = new HeldAddresses();
        foreach (var fields in Lines("/proc/net/tcp").Concat(Lines("/proc/net/tcp6")))
        {
            if (fields is [_, var local, _, Listening, _, _, _, var user, _, var inode, ..] && uint.TryParse(user, out var userId))
                held._tcp.Add((AddressOf(local), userId, inode));
        }

        foreach (var fields in Lines("/proc/net/unix"))
        {
            if (fields is [_, _, _, var flags, _, _, var inode, var path] && (long.Parse(flags, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & AcceptsConnections) != 0)
                held._unix.Add((path, inode));
        }

        return held;
    }

    /// <summary>Those in whose way a listener at this address is.</summary>
    public IReadOnlyList<AddressHolder> HoldersOf(IPEndPoint address) =>
    [
        .. _tcp.Where(entry => entry.Address.Port == address.Port && EndpointAddress.Overlap(entry.Address.Address, address.Address))
            .SelectMany(entry => Holders(entry.UserId, entry.Address.Equals(address), entry.Inode)),
    ];

    /// <summary>Those who listen on this Unix-domain socket.</summary>
    public IReadOnlyList<AddressHolder> HoldersOf(string path) =>
        [.. _unix.Where(entry => entry.Path == path).SelectMany(entry => Holders(0, true, entry.Inode))];

    private IEnumerable<AddressHolder> Holders(uint userId, bool isSameAddress, string inode) =>
        _pids.Value[inode] is var pids && pids.Any()
            ? pids.Select(pid => new AddressHolder(userId, isSameAddress, pid))
            : [new AddressHolder(userId, isSameAddress, null)];

    // "0100007F:1F90": words of 32 bits, each in the order of the machine.
    private static IPEndPoint AddressOf(string text)
    {
        var bytes = Convert.FromHexString(text.AsSpan(0, text.IndexOf(':', StringComparison.Ordinal)));
        for (var word = 0; BitConverter.IsLittleEndian && word < bytes.Length; word += sizeof(uint))
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(word), BitConverter.ToUInt32(bytes, word));
        var address = new IPAddress(bytes);
        return new IPEndPoint(
            address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address,
            int.Parse(text.AsSpan(text.IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    private static ILookup<string, int> PidsByInode() => Directory.EnumerateDirectories("/proc")
        .Where(directory => int.TryParse(Path.GetFileName(directory), out _))
        .SelectMany(directory => InodesOf(directory).Select(inode => (Inode: inode, Pid: int.Parse(Path.GetFileName(directory), CultureInfo.InvariantCulture))))
        .Distinct()
        .ToLookup(entry => entry.Inode, entry => entry.Pid);

    private static List<string> InodesOf(string process)
    {
        try
        {
            return [.. Directory.EnumerateFiles($"{process}/fd")
                .Select(file => new FileInfo(file).LinkTarget)
                .OfType<string>()
                .Where(target => target.StartsWith(SocketPrefix, StringComparison.Ordinal))
                .Select(target => target[SocketPrefix.Length..^1])];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // Another user's, or it has ended.
        }
    }

    private static List<string[]> Lines(string file)
    {
        try
        {
            return [.. File.ReadLines(file).Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        }
        catch (IOException)
        {
            return []; // No IPv6.
        }
    }
}
