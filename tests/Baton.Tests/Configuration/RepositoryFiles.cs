using System.Runtime.CompilerServices;

namespace Baton.Tests.Configuration;

/// <summary>The files below config/ as they are shipped.</summary>
internal static class RepositoryFiles
{
    public static string Config { get; } = Path.Combine(Root(), "config");

    public static string Read(string name) => File.ReadAllText(Path.Combine(Config, name));

    // The tests may be built anywhere (--artifacts-path), so the way to the repository starts at this source file.
    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../.."));
}
