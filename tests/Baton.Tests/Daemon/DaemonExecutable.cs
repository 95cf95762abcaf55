using Baton.Tests.Releases;

namespace Baton.Tests.Daemon;

/// <summary>The daemon that the tests run: the one that is released.</summary>
public static class DaemonExecutable
{
    /// <summary>The command that starts it.</summary>
    public static IReadOnlyList<string> Command => [Path.Combine(ReleaseArchive.ProgramDirectory, "baton")];

    /// <summary>The directory of the same daemon as <c>dotnet run</c> starts it, compiled as it runs.</summary>
    public static string BuiltDirectory => AppContext.BaseDirectory;
}
