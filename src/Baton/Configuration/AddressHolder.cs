using System.Globalization;

namespace Baton.Configuration;

/// <summary>A process that listens somewhere; proc(5).</summary>
/// <param name="UserId">Whose its socket is.</param>
/// <param name="IsSameAddress">Whether it listens on the very address that was asked for, not on one in whose way that would be.</param>
/// <param name="Pid">Null where this user may not see which process it is.</param>
internal sealed record AddressHolder(uint UserId, bool IsSameAddress, int? Pid)
{
    private const string Option = "--config";

    public bool IsSystemd => Pid == 1 && Text("comm") == "systemd\n";

    /// <summary>Whether it is a process of another user, which this one may not look into.</summary>
    public bool IsOfOther => Pid is null && Text("status", "self")?.Contains($"\nUid:\t{UserId}\t", StringComparison.Ordinal) != true;

    /// <summary>Whether it is a baton that serves with this configuration, by its command line.</summary>
    /// <param name="config">The absolute path.</param>
    public bool RunsWith(string config)
    {
        if (Text("cmdline")?.Split('\0') is not [var program, .. var arguments] || !IsBaton(program, arguments) || Directory is not { } directory)
            return false;
        var given = arguments.Select((argument, index) => argument == Option ? arguments.ElementAtOrDefault(index + 1) : Inline(argument)).FirstOrDefault(value => value is not null);
        return given is null
            ? ConfigurationFile.Places.Select(place => Path.Combine(directory, place)).FirstOrDefault(File.Exists) == config
            : Path.GetFullPath(Path.Combine(directory, given)) == config;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"pid {Pid}, {Text("comm")?.TrimEnd() ?? "which has ended since"}");

    private string? Directory => ReadLink("cwd");

    private static bool IsBaton(string program, string[] arguments) =>
        Path.GetFileName(program) == "baton" || arguments.Any(argument => Path.GetFileName(argument) == "baton.dll");

    private static string? Inline(string argument) =>
        argument.StartsWith($"{Option}=", StringComparison.Ordinal) || argument.StartsWith($"{Option}:", StringComparison.Ordinal) ? argument[(Option.Length + 1)..] : null;

    private string? Text(string file, string? process = null)
    {
        try
        {
            return File.ReadAllText(PathOf(file, process));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string? ReadLink(string file)
    {
        try
        {
            return new FileInfo(PathOf(file, null)).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string PathOf(string file, string? process) => string.Create(CultureInfo.InvariantCulture, $"/proc/{process ?? $"{Pid}"}/{file}");
}
