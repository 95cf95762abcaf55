#pragma warning disable RS0030 // The one door to the inherited environment.
using System.Collections;

namespace Baton.Handover.Processes;

/// <summary>The variable that makes a process a successor, and the environment that the next one gets.</summary>
internal static class InheritedEnvironment
{
    public const string Variable = "BATON_HANDOVER";

    /// <summary>The inheritance of this process, or null; taken out, so that nothing that this process starts sees it.</summary>
    public static string? Take()
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, null);
        return string.IsNullOrEmpty(text) ? null : text;
    }

    /// <summary>The environment of this process as it is now, with the inheritance of a successor added.</summary>
    public static IReadOnlyList<string> ForSuccessor(Inheritance inheritance)
    {
        var variables = new List<string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables.Add($"{variable.Key}={variable.Value}");
        variables.Add($"{Variable}={inheritance.ToText()}");
        return variables;
    }
}
