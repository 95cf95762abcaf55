using System.Globalization;

namespace Baton.Handover.Sockets;

/// <summary>Who may connect to a Unix-domain listener; unix(7): connecting needs write permission on the socket file.</summary>
public sealed class UnixSocketOptions
{
    /// <summary>Permission bits of the socket file, in octal as for chmod(1). Default: <c>0660</c>.</summary>
    public string Mode { get; set; } = "0660";

    /// <summary>User name or numeric id that owns the socket file. Default: none, the user of the process.</summary>
    public string? Owner { get; set; }

    /// <summary>Group name or numeric id of the socket file. Default: none, the group of the process.</summary>
    public string? Group { get; set; }

    /// <summary><see cref="Mode"/> as permission bits.</summary>
    /// <exception cref="FormatException">The mode is not an octal number from 0 to 0777.</exception>
    public UnixFileMode FileMode => TryParseMode(Mode, out var mode)
        ? mode
        : throw new FormatException($"'{Mode}' is not an octal mode from 0 to 0777.");

    internal IEnumerable<string> Validate()
    {
        if (!TryParseMode(Mode, out _))
            yield return $"UnixSockets:Mode is '{Mode}', but it must be an octal number from 0 to 0777, as in \"0660\".";
    }

    private static bool TryParseMode(string text, out UnixFileMode mode)
    {
        mode = default;
        if (text.Length is 0 or > 4)
            return false;

        var bits = 0;
        foreach (var digit in text)
        {
            if (digit is < '0' or > '7')
                return false;
            bits = bits * 8 + int.Parse(digit.ToString(), CultureInfo.InvariantCulture);
        }

        mode = (UnixFileMode)bits;
        return bits <= 0x1FF; // 0777
    }
}
