using System.Globalization;

namespace Baton.Configuration;

/// <summary>What the text of a value must look like to become a property of a given type.</summary>
internal static class ValueFormat
{
    /// <summary>Whether the type is written as one value rather than as a section.</summary>
    public static bool IsValue(Type type) =>
        type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long)
        || type == typeof(double) || type == typeof(TimeSpan) || type == typeof(Uri) || type == typeof(Version) || type.IsEnum;

    /// <summary>Null when the text can be read; otherwise what it must be, with an example.</summary>
    public static string? Complaint(Type type, string text)
    {
        if (type == typeof(string))
            return null;
        if (type == typeof(bool))
            return bool.TryParse(text, out _) ? null : "true or false";
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? null : "a whole number, as in 100";
        if (type == typeof(long))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? null : "a whole number, as in 1048576";
        if (type == typeof(double))
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? null : "a number, as in 240.5";
        if (type == typeof(Uri))
            return Uri.TryCreate(text, UriKind.Absolute, out _) ? null : "an absolute address, as in \"http://proxy.example:3128\"";
        if (type == typeof(Version))
            return Version.TryParse(text.Contains('.', StringComparison.Ordinal) ? text : text + ".0", out _) ? null : "a version, as in \"1.1\" or \"2\"";
        if (type == typeof(TimeSpan))
            return IsTimeSpan(text) ? null : "a time as hours:minutes:seconds, as in \"00:00:30\"";
        return IsEnumName(type, text) ? null : $"one of {string.Join(", ", Enum.GetNames(type))}";
    }

    // .NET reads a bare "30" as thirty days, which nobody who writes it means; so the colons are required.
    private static bool IsTimeSpan(string text) =>
        text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out _);

    private static bool IsEnumName(Type type, string text) =>
        Enum.GetNames(type).Contains(text.Trim(), StringComparer.OrdinalIgnoreCase);
}
