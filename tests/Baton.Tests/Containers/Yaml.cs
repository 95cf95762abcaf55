using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Baton.Tests.Containers;

/// <summary>Reads YAML with Python's parser, as JSON.</summary>
internal static class Yaml
{
    private const string Python = "/usr/bin/python3";
    private const string ToJson = "import json, sys, yaml; json.dump(list(yaml.safe_load_all(open(sys.argv[1]))), sys.stdout)";

    /// <summary>Its documents; skips the test where the parser is missing.</summary>
    public static async Task<IReadOnlyList<JsonObject>> ReadAsync(string file)
    {
        Assert.SkipUnless(File.Exists(Python) && (await RunAsync("-c", "import yaml")).ExitCode == 0, "Reading YAML needs python3-yaml; .ci/run installs it.");
        var (exitCode, output) = await RunAsync("-c", ToJson, file);
        Assert.True(exitCode == 0, $"{file} is no YAML.");
        return [.. JsonNode.Parse(output)!.AsArray().Select(document => document!.AsObject())];
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
