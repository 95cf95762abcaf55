namespace Baton.Configuration;

/// <summary>Where a value was set: a place in a file, or what else it came from, such as an environment variable.</summary>
/// <param name="Source">The absolute path of the file, or the other source in words.</param>
/// <param name="Line">From 1; null where it is no place in a file.</param>
/// <param name="Column">In bytes, from 1.</param>
internal readonly record struct SettingOrigin(string Source, int? Line = null, int? Column = null)
{
    /// <summary>The file, if it is one.</summary>
    public string? File => Path.IsPathRooted(Source) ? Source : null;

    public static implicit operator SettingOrigin(string source) => new(source);

    public override string ToString() => Line is null ? Source : FormattableString.Invariant($"{Source}:{Line}:{Column}");
}
