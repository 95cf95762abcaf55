namespace Baton.Tests.Daemon;

/// <summary>Finds the daemon that was built with the tests.</summary>
public static class DaemonExecutable
{
    /// <summary>
    /// The command that starts it: the executable that the project reference puts beside the test assembly, or
    /// <c>dotnet baton.dll</c> where no executable was built (UseAppHost=false).
    /// </summary>
    /// <exception cref="FileNotFoundException">There is neither.</exception>
    public static IReadOnlyList<string> Command
    {
        get
        {
            var assembly = Path.Combine(AppContext.BaseDirectory, "baton.dll");
            var configuration = Path.Combine(AppContext.BaseDirectory, "baton.runtimeconfig.json");
            if (!File.Exists(assembly) || !File.Exists(configuration))
            {
                throw new FileNotFoundException(
                    $"The daemon is not beside the tests: {assembly} and baton.runtimeconfig.json must exist. Build tests/Baton.Tests, which refers to src/Baton.", assembly);
            }
            var executable = Path.ChangeExtension(assembly, null);
            return File.Exists(executable) ? [executable] : ["dotnet", assembly];
        }
    }
}
