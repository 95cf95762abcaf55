using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baton.Tests.Admin;

/// <summary>Compares a document with a schema of the OpenAPI file, by the words of JSON Schema that the file uses.</summary>
internal sealed class SchemaCheck(JsonObject openApi)
{
    private static readonly HashSet<string> Words = ["$ref", "type", "description", "properties", "required", "items", "enum", "pattern", "format", "examples"];

    /// <summary>What does not fit, one line each. A member that the schema does not have does not fit either.</summary>
    public IReadOnlyList<string> Differences(JsonObject schema, JsonNode? value, string path = "")
    {
        if (schema.Select(word => word.Key).Except(Words).ToList() is { Count: > 0 } unknown)
            return [$"{path}: the schema has words that are not checked: {string.Join(", ", unknown)}"];
        if ((string?)schema["$ref"] is { } reference)
            return Differences(Resolve(reference), value, path);
        if (schema["enum"] is JsonArray names && !names.Any(name => JsonNode.DeepEquals(name, value)))
            return [$"{path} is {value?.ToJsonString()}, none of {names.ToJsonString()}"];
        return (string?)schema["type"] switch
        {
            null => [],
            "object" when value is JsonObject inner => [.. Members(schema, inner, path)],
            "array" when value is JsonArray list => [.. list.SelectMany((one, index) => Differences(schema["items"]!.AsObject(), one, $"{path}[{index}]"))],
            "integer" when value?.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) => [],
            "boolean" when value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False => [],
            "string" when value?.GetValueKind() == JsonValueKind.String => Text(schema, (string)value!, path),
            var type => [$"{path} is {value?.ToJsonString() ?? "null"}, not of the type {type}"],
        };
    }

    public JsonObject Resolve(string reference) => reference["#/".Length..].Split('/').Aggregate((JsonNode)openApi, (node, name) => node[name] ?? throw new InvalidOperationException($"{reference} is not there.")).AsObject();

    private IEnumerable<string> Members(JsonObject schema, JsonObject value, string path)
    {
        foreach (var name in schema["required"]?.AsArray().Select(name => (string)name!) ?? [])
        {
            if (!value.ContainsKey(name))
                yield return $"{path}/{name} is missing";
        }

        // Without properties anything will do.
        foreach (var (name, member) in schema["properties"] is null ? [] : value)
        {
            if (schema["properties"]![name] is not JsonObject known)
                yield return $"{path}/{name} is not in the schema";
            else
                foreach (var difference in Differences(known, member, $"{path}/{name}"))
                    yield return difference;
        }
    }

    private static IReadOnlyList<string> Text(JsonObject schema, string value, string path) =>
        (string?)schema["pattern"] is { } pattern && !Regex.IsMatch(value, pattern) ? [$"{path} is '{value}', not as {pattern}"]
        : (string?)schema["format"] == "date-time" && !DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _) ? [$"{path} is '{value}', no time"]
        : [];
}
