using System.Reflection;

namespace Baton.Cli;

/// <summary>The version of this build, as <c>&lt;Version&gt;</c> in Directory.Build.props says it.</summary>
internal static class ProgramVersion
{
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
