using System.Text;

namespace Baton.AccessLog;

/// <summary>Takes the values of query parameters out of a target or an address, and leaves their names.</summary>
internal sealed class QueryMask
{
    public const string Hidden = "***";

    private const string Everything = "*";

    private readonly HashSet<string> _names;
    private readonly bool _all;

    /// <param name="names">Separated by commas; "*" for all.</param>
    public QueryMask(string names)
    {
        _names = Split(names).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _all = _names.Contains(Everything);
    }

    public static IEnumerable<string> Split(string names) => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The text, with what follows its first question mark masked.</summary>
    public string? OfAddress(string? address)
    {
        if (_names.Count == 0 || address is null || address.IndexOf('?', StringComparison.Ordinal) is not (>= 0 and var mark))
            return address;
        return string.Concat(address.AsSpan(0, mark + 1), Of(address[(mark + 1)..]));
    }

    /// <summary>The query, which has no question mark, masked.</summary>
    public string Of(string query)
    {
        if (_names.Count == 0 || query.Length == 0)
            return query;
        var masked = new StringBuilder(query.Length);
        foreach (var parameter in query.Split('&'))
        {
            if (masked.Length > 0)
                masked.Append('&');
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0 && IsHidden(parameter[..equals]))
                masked.Append(parameter, 0, equals + 1).Append(Hidden);
            else
                masked.Append(equals < 0 && _all ? Hidden : parameter);
        }

        return masked.ToString();
    }

    // Whoever receives it decodes the name first; RFC 3986, 2.4.
    private bool IsHidden(string name) => _all || _names.Contains(Uri.UnescapeDataString(name.Replace('+', ' ')));
}
