using System.Text.Json.Nodes;

namespace Baton.Tests.Daemon;

/// <summary>
/// The JSON configuration of a daemon under test: endpoints, one route for everything to the destinations, a log that
/// <see cref="DaemonLog"/> can read, and options of Baton.
/// </summary>
public sealed class ConfigBuilder
{
    private readonly JsonObject _root = new()
    {
        ["Serilog"] = new JsonObject
        {
            ["MinimumLevel"] = new JsonObject { ["Default"] = "Information", ["Override"] = new JsonObject { ["Microsoft"] = "Warning", ["Yarp"] = "Warning" } },
            ["WriteTo"] = new JsonArray(new JsonObject
            {
                ["Name"] = "Console",
                ["Args"] = new JsonObject { ["outputTemplate"] = DaemonLogPatterns.OutputTemplate },
            }),
        },
    };

    private int _endpoints;

    /// <summary>
    /// Adds an endpoint. Kestrel opens them in the order of their names, so the default names keep the order of the calls,
    /// and with it that of <see cref="DaemonProcess.Ports"/>.
    /// </summary>
    /// <param name="url">In Kestrel's format. Default: a free port on 127.0.0.1.</param>
    /// <param name="protocols"><c>Http2</c> for prior knowledge, which Kestrel does not offer beside HTTP/1.1 without TLS.</param>
    /// <param name="name">Default: endpoint-001 and so on.</param>
    public ConfigBuilder Listen(string url = "http://127.0.0.1:0", string? protocols = null, string? name = null)
    {
        name ??= $"endpoint-{++_endpoints:000}";
        Set($"Kestrel:Endpoints:{name}:Url", url);
        return protocols is null ? this : Set($"Kestrel:Endpoints:{name}:Protocols", protocols);
    }

    /// <summary>Replaces the route for everything, named <c>all</c>, and its cluster of the same name.</summary>
    public ConfigBuilder ForwardTo(params IReadOnlyList<string> destinations)
    {
        Set("ReverseProxy:Routes:all:ClusterId", "all");
        Set("ReverseProxy:Routes:all:Match:Path", "/{**catchall}");
        var cluster = new JsonObject
        {
            ["LoadBalancingPolicy"] = "RoundRobin",
            // A destination that says nothing for a while is what the slow clients are about.
            ["HttpRequest"] = new JsonObject { ["ActivityTimeout"] = "00:10:00" },
            ["Destinations"] = new JsonObject(destinations.Select(
                (address, index) => KeyValuePair.Create<string, JsonNode?>($"d{index + 1}", new JsonObject { ["Address"] = address }))),
        };
        return Set("ReverseProxy:Clusters:all", cluster);
    }

    /// <summary>Sets an option of Baton, such as <c>DrainTimeout</c>; time spans and numbers in their usual text.</summary>
    public ConfigBuilder Baton(string option, object value) => Set($"Baton:{option}", FormattableString.Invariant($"{value}"));

    public ConfigBuilder Baton(IReadOnlyDictionary<string, object> options)
    {
        foreach (var (option, value) in options)
            Baton(option, value);
        return this;
    }

    /// <summary>Sets any key, such as <c>Kestrel:Limits:MaxRequestBodySize</c>; null removes it.</summary>
    public ConfigBuilder Set(string path, JsonNode? value)
    {
        var parts = path.Split(':');
        var section = _root;
        foreach (var part in parts[..^1])
        {
            if (section[part] is not JsonObject inner)
                section[part] = inner = [];
            section = inner;
        }
        if (value is null)
            section.Remove(parts[^1]);
        else
            section[parts[^1]] = value;
        return this;
    }

    public string Build() => _root.ToJsonString(new() { WriteIndented = true });

    /// <summary>Writes the file by rename, so that a daemon that watches it never reads half of it.</summary>
    public void WriteTo(string file)
    {
        var draft = file + ".new";
        File.WriteAllText(draft, Build());
        File.Move(draft, file, overwrite: true);
    }
}
