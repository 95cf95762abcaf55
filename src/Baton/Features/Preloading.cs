using System.Reflection;
using Baton.Handover;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Features;

/// <summary>
/// Loads what this release has on disk before it can be replaced there, and what the daemon itself needs of the framework: .NET
/// loads an assembly at its first use, and that may be in the drain, when the files of the next release already lie in its
/// place, or when no descriptor is left to open one with, which ends the process with "Out of memory".
/// </summary>
internal static class Preloading
{
    // It refers to what hosts with all defaults have, such as IIS; what of that an empty one has is loaded by now.
    private const string DefaultHosts = "Microsoft.AspNetCore";

    /// <summary>Begins with the first moment in which nobody waits for this generation any more.</summary>
    public static void AddPreloading(this IServiceCollection services) => services.AddSingleton<IHandoverObserver, AtTakeover>();

    // Where it is wanted it is in use by now, and what it refers to is loaded like all else.
    private static bool IsOptional(AssemblyName reference) =>
        reference.Name!.StartsWith("OpenTelemetry", StringComparison.Ordinal)
        && !AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == "OpenTelemetry");

    private static void LoadAll()
    {
        Assembly[] own = [typeof(Preloading).Assembly, typeof(Generation).Assembly];
        var seen = new HashSet<string>();
        var pending = new Queue<Assembly>(own.Union(AppDomain.CurrentDomain.GetAssemblies()));
        while (pending.TryDequeue(out var assembly))
        {
            if (assembly.GetName().Name == DefaultHosts)
                continue;
            foreach (var reference in assembly.GetReferencedAssemblies())
            {
                if (!seen.Add(reference.FullName) || IsOptional(reference))
                    continue;
                if (File.Exists(Path.Combine(AppContext.BaseDirectory, reference.Name + ".dll")))
                    pending.Enqueue(Assembly.Load(reference));
                else if (own.Contains(assembly))
                    Assembly.Load(reference);
            }
        }
    }

    private sealed class AtTakeover : IHandoverObserver
    {
        private bool _hasBegun;

        public ValueTask OnPhaseAsync(HandoverNotice notice)
        {
            if (notice.Phase == HandoverPhase.Serving && !_hasBegun)
            {
                _hasBegun = true;
                _ = Task.Run(LoadAll);
            }

            return ValueTask.CompletedTask;
        }
    }
}
