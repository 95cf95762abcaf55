#pragma warning disable RS0030 // The one door to environment variables other than the inheritance.
using System.Collections;

namespace Baton.Configuration;

/// <summary>
/// The one door to environment variables, apart from those that a predecessor hands down. Whoever needs one asks here,
/// so that a reader finds in one place what the daemon takes from its surroundings.
/// </summary>
internal static class ProcessEnvironment
{
    /// <summary>One variable, or null.</summary>
    public static string? Get(string name)
    {
        return Environment.GetEnvironmentVariable(name);
    }

    /// <summary>Drops a variable that is meant for this process alone, so that nothing that it starts inherits it.</summary>
    public static void Remove(string name)
    {
        Environment.SetEnvironmentVariable(name, null);
    }

    /// <summary>Every variable whose name starts with the prefix, by its full name.</summary>
    public static IReadOnlyDictionary<string, string> WithPrefix(string prefix)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                found[name] = (string?)variable.Value ?? "";
        }

        return found;
    }
}
