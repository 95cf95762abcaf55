#pragma warning disable RS0030 // The one door to the inherited environment.
using System.Collections;
using System.Globalization;

namespace Baton.Handover.Processes;

/// <summary>The variables that make a process a generation, and the environment that the next one gets.</summary>
internal static class InheritedEnvironment
{
    public const string Variable = "BATON_HANDOVER";

    /// <summary>Makes the process that the constant process starts generation 1: <c>FD PID</c>, its link.</summary>
    public const string LinkVariable = "BATON_CONSTANT";

    /// <summary>Whether somebody has started this process as a generation.</summary>
    public static bool IsOfGeneration => Get(Variable) is not null || Get(LinkVariable) is not null;

    /// <summary>The inheritance of this process, or null; taken out, so that nothing that this process starts sees it.</summary>
    public static string? Take() => Take(Variable);

    /// <summary>The link of generation 1 to the constant process that has started it, or null; taken out likewise.</summary>
    public static InheritedLink? TakeLink() =>
        Take(LinkVariable)?.Split(' ') is [var fd, var pid]
        && int.TryParse(fd, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor) && descriptor >= Inheritance.FirstFd
        && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            ? new InheritedLink(descriptor, process)
            : null;

    /// <summary>The environment of this process as it is now, with the inheritance of a successor added.</summary>
    public static IReadOnlyList<string> ForSuccessor(Inheritance inheritance) => With(Variable, inheritance.ToText());

    /// <summary>The environment of this process, with the link of generation 1 added.</summary>
    public static IReadOnlyList<string> ForFirst(InheritedLink link) =>
        With(LinkVariable, string.Create(CultureInfo.InvariantCulture, $"{link.Fd} {link.Pid}"));

    private static string? Get(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;

    private static string? Take(string name)
    {
        var text = Get(name);
        Environment.SetEnvironmentVariable(name, null);
        return text;
    }

    private static List<string> With(string name, string value)
    {
        var variables = new List<string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables.Add($"{variable.Key}={variable.Value}");
        variables.Add($"{name}={value}");
        return variables;
    }
}
