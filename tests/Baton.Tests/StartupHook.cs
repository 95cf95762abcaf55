using System.Diagnostics.CodeAnalysis;
using Baton.Tests.Releases;

/// <summary>Run by .NET in a daemon that gets this assembly as DOTNET_STARTUP_HOOKS, before its Main.</summary>
[SuppressMessage("Design", "CA1050", Justification = "By this name .NET looks for it.")]
internal static class StartupHook
{
    public static void Initialize() => AskedServices.Record();
}
