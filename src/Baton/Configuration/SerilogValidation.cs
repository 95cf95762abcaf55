using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Serilog;
using Serilog.Configuration;
using Serilog.Events;

namespace Baton.Configuration;

/// <summary>
/// Checks the section <c>Serilog</c> by its form, without opening a sink: a log file must not be opened for a check.
/// Serilog itself says nothing about a sink it does not know and goes on without it.
/// </summary>
internal static class SerilogValidation
{
    private static readonly string[] Keys =
        ["Using", "MinimumLevel", "WriteTo", "AuditTo", "Enrich", "Properties", "Filter", "Destructure", "LevelSwitches", "FilterSwitches"];

    /// <summary>The assemblies whose sinks can be named; said outright, since a single file has no folder to scan.</summary>
    public static readonly Assembly[] SinkAssemblies =
        [typeof(ConsoleLoggerConfigurationExtensions).Assembly, typeof(FileLoggerConfigurationExtensions).Assembly];

    public static void Check(IConfiguration configuration, Findings findings)
    {
        foreach (var child in configuration.GetSection(SectionNames.Serilog).GetChildren())
        {
            if (!Keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                findings.Error(child.Path, $"{child.Path} is not known.{NearestName.Hint(child.Key, Keys)}");
        }

        CheckLevels(configuration.GetSection("Serilog:MinimumLevel"), findings);
        CheckSinks(configuration.GetSection("Serilog:WriteTo"), typeof(LoggerSinkConfiguration), findings);
        CheckSinks(configuration.GetSection("Serilog:AuditTo"), typeof(LoggerAuditSinkConfiguration), findings);
    }

    private static void CheckLevels(IConfigurationSection section, Findings findings)
    {
        CheckLevel(section, findings);
        CheckLevel(section.GetSection("Default"), findings);
        foreach (var category in section.GetSection("Override").GetChildren())
            CheckLevel(category, findings);
    }

    private static void CheckLevel(IConfigurationSection section, Findings findings)
    {
        var isSwitch = section.Value?.StartsWith('$') == true; // refers to Serilog:LevelSwitches
        if (section.Value is { Length: > 0 } level && !isSwitch && ValueFormat.Complaint(typeof(LogEventLevel), level) is { } complaint)
            findings.CannotRead(section.Path, $"{section.Path} is '{level}', but it must be {complaint}.");
    }

    private static void CheckSinks(IConfigurationSection section, Type target, Findings findings)
    {
        foreach (var sink in section.GetChildren())
        {
            var name = sink.Value ?? sink["Name"]; // a sink without arguments may be just its name
            var methods = Methods(target).Where(method => method.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
            if (string.IsNullOrEmpty(name))
                findings.Error(sink.Path, $"{sink.Path}:Name is missing: a sink needs a name, as in \"Console\" or \"File\".");
            else if (methods.Count > 0)
                CheckArguments(sink.GetSection("Args"), methods, findings);
            else if (!IsBuiltIn(name))
                findings.Error(sink.Path, $"{sink.Path} names the sink '{name}', which is not built in.{NearestName.Hint(name, ["Console", "File"])}");
        }
    }

    private static void CheckArguments(IConfigurationSection section, List<MethodInfo> methods, Findings findings)
    {
        var known = methods.SelectMany(method => method.GetParameters().Skip(1)).Select(parameter => parameter.Name!).Distinct().ToList();
        foreach (var argument in section.GetChildren().Where(argument => !known.Contains(argument.Key, StringComparer.OrdinalIgnoreCase)))
            findings.Error(argument.Path, $"{argument.Path} is not known.{NearestName.Hint(argument.Key, known)}");
    }

    // Wrappers that Serilog.Settings.Configuration knows by itself.
    private static bool IsBuiltIn(string name) => name is "Logger" or "Sink" or "Conditional";

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Baton.csproj keeps the assemblies of all types that are looked at here.")]
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Baton.csproj keeps the assemblies of all types that are looked at here.")]
    private static IEnumerable<MethodInfo> Methods(Type target) => SinkAssemblies
        .SelectMany(assembly => assembly.GetExportedTypes())
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Where(method => method.GetParameters() is [var first, ..] && first.ParameterType == target);
}
