using System.Globalization;
using System.Text;

namespace Baton.Tests.Clients;

/// <summary>
/// As much of HPACK (RFC 7541) as a client needs that keeps no dynamic table: requests from the static table and plain
/// literals, and the status of a response.
/// </summary>
public static class HpackBlock
{
    // RFC 7541, appendix A: 8 to 14 are the statuses in the static table.
    private static readonly int[] Statuses = [200, 204, 206, 304, 400, 404, 500];

    public static byte[] Request(bool post, string target, string authority)
    {
        // 0x82 :method GET, 0x83 :method POST, 0x86 :scheme http; 0x04 and 0x01 are literals named :path and :authority.
        var block = new List<byte> { (byte)(post ? 0x83 : 0x82), 0x86 };
        AddLiteral(block, 0x04, target);
        AddLiteral(block, 0x01, authority);
        return [.. block];
    }

    /// <summary>The status at the start of a response's block, or 0 if it is written in a way that is not read here.</summary>
    public static int Status(ReadOnlySpan<byte> block)
    {
        // 6.3: after our SETTINGS_HEADER_TABLE_SIZE=0 the encoder says first that it obeys.
        while (block.Length > 0 && (block[0] & 0xE0) == 0x20)
            block = block[1..];
        if (block.Length == 0)
            return 0;
        if ((block[0] & 0x80) != 0)
            return (block[0] & 0x7F) is >= 8 and <= 14 and var index ? Statuses[index - 8] : 0;

        var name = (block[0] & 0x40) != 0 ? block[0] & 0x3F : block[0] & 0x0F;
        return name is >= 8 and <= 14 && block.Length >= 5 && block[1] == 3
            && int.TryParse(Encoding.ASCII.GetString(block.Slice(2, 3)), CultureInfo.InvariantCulture, out var status) ? status : 0;
    }

    private static void AddLiteral(List<byte> block, byte name, string value)
    {
        if (value.Length > 126)
            throw new ArgumentException($"'{value}' is longer than the 126 letters that fit one length byte.", nameof(value));
        block.Add(name);
        block.Add((byte)value.Length);
        block.AddRange(Encoding.ASCII.GetBytes(value));
    }
}
