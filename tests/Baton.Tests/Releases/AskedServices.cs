using System.Diagnostics.Tracing;
using System.Text;
using System.Text.RegularExpressions;

namespace Baton.Tests.Releases;

/// <summary>The generic types, and arrays, that the services of a process are made of: what its container has asked .NET for by reflection.</summary>
internal sealed partial class AskedServices : EventListener
{
    /// <summary>The directory that a process writes its list to when it ends, as a file of its own.</summary>
    public const string Variable = "TESTS_ASKED_SERVICES";

    [ThreadStatic]
    private static StringBuilder? _callSite; // In pieces, if it is long; one thread says all of them.

    private readonly HashSet<string> _names = [];

    /// <summary>Begins to record those of this process.</summary>
    public static void Record()
    {
        var services = new AskedServices();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => services.Write();
    }

    /// <summary>What has been recorded in a directory, as a list for the native compiler.</summary>
    public static string DirectivesOf(string directory)
    {
        var types = Directory.GetFiles(directory).SelectMany(File.ReadLines).Distinct().Order(StringComparer.Ordinal).Select(line => line.Split('\t'));
        var assemblies = types.GroupBy(parts => parts[0], parts => $"""      <Type Name="{parts[1]}" Dynamic="Required All" />""");
        return $"""
            <!--
              Generic types of services, of which the container asks .NET by name when the program starts. A native program without this
              list builds them then, which is a tenth of its start. ServiceTypesTests says when it is no longer true.
            -->
            <Directives xmlns="http://schemas.microsoft.com/netfx/2013/01/metadata">
              <Application>
            {string.Join('\n', assemblies.SelectMany(assembly => (IEnumerable<string>)[$"""    <Assembly Name="{assembly.Key}">""", .. assembly, "    </Assembly>"]))}
              </Application>
            </Directives>

            """;
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Extensions-DependencyInjection")
            EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData is not { EventName: "CallSiteBuilt", Payload: [_, string piece, int index, int count, ..] })
            return;
        (_callSite ??= new StringBuilder()).Append(piece);
        if (index < count - 1)
            return;
        lock (_names)
        {
            foreach (Match match in TypeName().Matches(_callSite.ToString()))
                _names.Add(match.Groups["name"].Value + (match.Groups["item"].Success ? "[]" : ""));
        }

        _callSite.Clear();
    }

    private void Write()
    {
        var types = _names.Select(name => Type.GetType(name, _ => null, (_, name, _) => TypeOf(name), throwOnError: true)!).Where(type => type.IsGenericType || type.IsArray);
        File.WriteAllLines(Path.Combine(Environment.GetEnvironmentVariable(Variable)!, $"{Environment.ProcessId}"), types.Select(type => $"{AssemblyOf(type)}\t{NameOf(type)}"));
    }

    // The events say the names without those of the assemblies.
    private static Type? TypeOf(string name) => AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(name)).FirstOrDefault(type => type is not null);

    private static string AssemblyOf(Type type) => (type.IsArray ? type.GetElementType()! : type).Assembly.GetName().Name!;

    private static string NameOf(Type type) => type switch
    {
        { IsArray: true } => $"{NameOf(type.GetElementType()!)}[]",
        { IsGenericType: true } => $"{type.GetGenericTypeDefinition().FullName}[{string.Join(',', type.GetGenericArguments().Select(argument => $"[{NameOf(argument)}, {AssemblyOf(argument)}]"))}]",
        _ => type.FullName!,
    };

    [GeneratedRegex("""
        "(serviceType|implementationType|(?<item>itemType))": "(?<name>[^"]*)"
        """)]
    private static partial Regex TypeName();
}
