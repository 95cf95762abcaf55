using System.Text;

namespace Baton.Systemd;

/// <summary>
/// The name of a listener in systemd's fd store: its address, since that is how it is found again. A name has at most 255
/// printable ASCII characters and no colon; sd_notify(3), FDNAME.
/// </summary>
internal static class StoredName
{
    private const string Prefix = "listen=";
    private const int MostCharacters = 255;

    /// <summary>Null for an address that no name can hold.</summary>
    public static string? Of(string address)
    {
        var name = new StringBuilder(Prefix);
        foreach (var one in Encoding.UTF8.GetBytes(address))
        {
            if (one is > (byte)' ' and < 127 and not ((byte)':' or (byte)'%'))
                name.Append((char)one);
            else
                name.Append('%').Append(one.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return name.Length <= MostCharacters ? name.ToString() : null;
    }

    /// <summary>The address in a name; null if it is the name of something else.</summary>
    public static string? AddressIn(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? Uri.UnescapeDataString(name[Prefix.Length..]) : null;
}
