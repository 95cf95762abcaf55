using System.Reflection;
using Microsoft.AspNetCore.Builder;

namespace Baton.Features;

/// <summary>
/// Loads what this release has on disk before it can be replaced there: .NET loads an assembly at its first use, and that may
/// be in the drain, when the files of the next release already lie in its place.
/// </summary>
internal static class Preloading
{
    public static void UsePreloading(this WebApplication app) =>
        app.Lifetime.ApplicationStarted.Register(() => Task.Run(LoadAll));

    private static void LoadAll()
    {
        var seen = new HashSet<string>();
        var pending = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies());
        while (pending.TryDequeue(out var assembly))
        {
            foreach (var reference in assembly.GetReferencedAssemblies())
            {
                if (seen.Add(reference.FullName) && File.Exists(Path.Combine(AppContext.BaseDirectory, reference.Name + ".dll")))
                    pending.Enqueue(Assembly.Load(reference));
            }
        }
    }
}
