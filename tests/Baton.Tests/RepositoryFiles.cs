using System.Runtime.CompilerServices;

namespace Baton.Tests;

/// <summary>The files of the repository as they are checked out.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = Find();

    public static string Config { get; } = Path.Combine(Root, "config");

    public static string Source { get; } = Path.Combine(Root, "src");

    public static string Deploy { get; } = Path.Combine(Root, "deploy");

    public static string Tests { get; } = Path.Combine(Root, "tests");

    /// <summary>A file below config/.</summary>
    public static string Read(string name) => File.ReadAllText(Path.Combine(Config, name));

    // The tests may be built anywhere (--artifacts-path), so the way to the repository starts at this source file.
    private static string Find([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../.."));
}
