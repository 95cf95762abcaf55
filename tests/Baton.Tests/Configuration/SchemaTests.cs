using System.Globalization;
using System.Text.Json.Nodes;
using Baton.Configuration;
using Xunit;

namespace Baton.Tests.Configuration;

/// <summary>Holds config/baton.schema.json to the types that the configuration is read into.</summary>
public sealed class SchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(RepositoryFiles.Read("baton.schema.json"))!.AsObject();

    [Theory]
    [InlineData("Baton", typeof(BatonOptions))]
    [InlineData("Kestrel", typeof(KestrelSection))]
    [InlineData("ReverseProxy", typeof(ProxySection))]
    internal void A_section_has_exactly_the_keys_of_its_type(string section, Type type)
    {
        var differences = new List<string>();
        Compare(section, Resolve(Schema["properties"]![section]!.AsObject()), type, differences);

        Assert.Empty(differences);
    }

    [Fact]
    public void Every_section_is_there() => Assert.Equal(
        SectionNames.All.Append("$schema").Order(StringComparer.Ordinal),
        Schema["properties"]!.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_option_of_Baton_has_its_description_and_its_default()
    {
        var differences = new List<string>();
        CompareDefaults("Baton", Resolve(Schema["properties"]!["Baton"]!.AsObject()), new BatonOptions(), differences);

        Assert.Empty(differences);
    }

    private static void Compare(string path, JsonObject schema, Type type, List<string> differences)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (ValueFormat.IsValue(type))
            return;

        if (ShapeCheck.ElementOf(type) is { } element)
        {
            var inner = (schema["additionalProperties"] ?? schema["items"])?.AsObject();
            if (inner is null)
                differences.Add($"{path} does not say what it holds");
            else
                Compare($"{path}:*", Resolve(inner), element, differences);
            return;
        }

        var properties = schema["properties"]!.AsObject();
        // An id is the key of its section, not a key in it.
        var keys = ShapeCheck.KeysOf(type).Where(key => $"{type.Name}.{key.Name}" is not ("RouteConfig.RouteId" or "ClusterConfig.ClusterId")).ToList();
        differences.AddRange(keys.Where(key => !properties.ContainsKey(key.Name)).Select(key => $"{path}:{key.Name} is missing in the schema"));
        differences.AddRange(properties.Where(property => keys.TrueForAll(key => key.Name != property.Key)).Select(property => $"{path}:{property.Key} is in the schema only"));
        if ((bool?)schema["additionalProperties"] != false)
            differences.Add($"{path} allows other keys");
        foreach (var key in keys.Where(key => properties.ContainsKey(key.Name)))
            Compare($"{path}:{key.Name}", Resolve(properties[key.Name]!.AsObject()), key.PropertyType, differences);
    }

    private static void CompareDefaults(string path, JsonObject schema, object options, List<string> differences)
    {
        foreach (var key in ShapeCheck.KeysOf(options.GetType()))
        {
            var property = schema["properties"]![key.Name]!.AsObject();
            var value = key.GetValue(options);
            if (string.IsNullOrEmpty((string?)property["description"]))
                differences.Add($"{path}:{key.Name} has no description");
            if (!ValueFormat.IsValue(key.PropertyType))
                CompareDefaults($"{path}:{key.Name}", property, value!, differences);
            else if (!property.ContainsKey("default") || (property["default"]?.ToString() ?? "") != (value is bool on ? on ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture)))
                differences.Add($"{path}:{key.Name} is {value ?? "null"} by default, not {property["default"]}");
        }
    }

    private static JsonObject Resolve(JsonObject schema) =>
        schema["$ref"] is { } reference ? Schema["definitions"]![((string)reference!)["#/definitions/".Length..]]!.AsObject() : schema;
}
