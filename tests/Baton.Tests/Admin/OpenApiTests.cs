using System.Collections;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Baton.Admin;
using Baton.Handover;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Admin;

/// <summary>Holds openapi.json to the routes and documents of the code, and to what a daemon answers.</summary>
public sealed partial class OpenApiTests
{
    private static readonly JsonObject OpenApi = JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Source, "Baton/Admin/openapi.json")))!.AsObject();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_is_in_it_and_nothing_else_and_the_answers_are_as_it_says()
    {
        using var certificate = new CertificateFiles();
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(certificate.ListenTls(Config().ForwardTo(backend.Address)));
        using var admin = new AdminRequests(daemon.AdminSocket);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}") };
        var check = new SchemaCheck(OpenApi);

        var (code, text) = await admin.SendAsync(HttpMethod.Get, "/nothing/of/the/kind", Token);
        AssertAnswer(check, "get", "/status", code, text);
        Assert.Equal(404, code);
        Assert.Equal(
            OpenApi["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}")).Order(StringComparer.Ordinal),
            Routes().Matches(text).Select(route => route.Value).Order(StringComparer.Ordinal));

        // A failed upgrade and a completed one, the latter with work that it waits for, so that every kind of document is seen.
        Config().ForwardTo("not an address").WriteTo(daemon.ConfigFile);
        daemon.Signal(daemon.Current.Pid, Signo.SIGHUP);
        await daemon.WaitForLogAsync("Failed after");
        certificate.ListenTls(Config().ForwardTo(backend.Address)).WriteTo(daemon.ConfigFile);
        var held = client.GetStringAsync(new Uri("/held", UriKind.Relative), Token);
        await backend.WaitForInFlightAsync(1, Token);
        await daemon.UpgradeAsync();
        await AssertAllAnswersAsync(check, admin);
        backend.Held.Open();
        await held;
        await daemon.WaitForOneProcessAsync();
        await AssertAllAnswersAsync(check, admin);
        daemon.AssertNoUnexpectedWarnings("serves on", "the old routes stay");
    }

    [Theory]
    [InlineData(typeof(StatusDocument))]
    [InlineData(typeof(UpgradesDocument))]
    [InlineData(typeof(ConfigDocument))]
    [InlineData(typeof(CanaryDocument))]
    [InlineData(typeof(ErrorDocument))]
    [InlineData(typeof(UpgradeReport))]
    internal void A_schema_has_exactly_the_members_of_its_document(Type type) => Assert.Empty(Differences(AdminFormat.Default, type));

    [Fact]
    public void So_has_that_of_an_event() => Assert.Empty(Differences(EventFormat.Default, typeof(EventDocument)));

    [Fact]
    public void Every_document_and_schema_is_compared_above()
    {
        Type[] documents = [.. typeof(AdminFormat).GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType == typeof(JsonSerializableAttribute))
            .Select(attribute => (Type)attribute.ConstructorArguments[0].Value!)];
        var compared = typeof(OpenApiTests).GetMethod(nameof(A_schema_has_exactly_the_members_of_its_document), System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
            .GetCustomAttributes(inherit: false).OfType<InlineDataAttribute>().Select(data => (Type)data.Data[0]!);
        Assert.Equal(documents.Select(type => type.Name).Order(StringComparer.Ordinal), compared.Select(type => type.Name).Order(StringComparer.Ordinal));

        var text = OpenApi.ToJsonString();
        Assert.All(OpenApi["components"]!["schemas"]!.AsObject(), schema => Assert.Contains($"\"#/components/schemas/{schema.Key}\"", text, StringComparison.Ordinal));
    }

    private static async Task AssertAllAnswersAsync(SchemaCheck check, AdminRequests admin)
    {
        foreach (var path in new[] { "/status", "/upgrades", "/config", "/metrics", "/openapi.json", "/healthz", "/readyz" })
        {
            var (code, text) = await admin.SendAsync(HttpMethod.Get, path, Token);
            AssertAnswer(check, "get", path, code, text);
        }

        foreach (var path in new[] { "/drain", "/undrain", "/canary" })
        {
            var (code, text) = await admin.SendAsync(HttpMethod.Post, path, Token);
            AssertAnswer(check, "post", path, code, text);
        }
    }

    private static void AssertAnswer(SchemaCheck check, string method, string path, int code, string text)
    {
        var responses = OpenApi["paths"]![path]![method]!["responses"]!;
        var response = (responses[$"{code}"] ?? responses["default"])!.AsObject();
        if ((string?)response["$ref"] is { } reference)
            response = check.Resolve(reference);
        if (response["content"]!["application/json"] is { } json)
            Assert.Empty(check.Differences(json["schema"]!.AsObject(), JsonNode.Parse(text)));
        else
            Assert.NotNull(response["content"]!["text/plain"]);
    }

    private static IReadOnlyList<string> Differences(JsonSerializerContext format, Type type) =>
        [.. Compare(format, type, new JsonObject { ["$ref"] = $"#/components/schemas/{type.Name}" }, type.Name, [])];

    private static IEnumerable<string> Compare(JsonSerializerContext format, Type type, JsonObject schema, string path, HashSet<Type> seen)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var name = (string?)schema["$ref"];
        var known = name is null ? schema : new SchemaCheck(OpenApi).Resolve(name);
        if (type.IsEnum)
            return known["enum"]?.AsArray().Select(value => (string)value!).SequenceEqual(Enum.GetNames(type)) == true ? [] : [$"{path} has other names than {type.Name}"];
        if (type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)))
            return (string?)known["type"] == "array" ? Compare(format, type.GetGenericArguments()[0], known["items"]!.AsObject(), $"{path}[]", seen) : [$"{path} is no array"];
        var wanted = type switch
        {
            _ when type == typeof(string) || type == typeof(TimeSpan) || type == typeof(DateTimeOffset) => "string",
            _ when type == typeof(int) || type == typeof(long) => "integer",
            _ when type == typeof(bool) => "boolean",
            _ => "object",
        };
        if ((string?)known["type"] != wanted)
            return [$"{path} is of the type {known["type"]}, not {wanted}"];
        if (wanted != "object" || !seen.Add(type))
            return [];
        return name == $"#/components/schemas/{type.Name}" ? Members(format, type, known, path, seen) : [$"{path} is not described as {type.Name}"];
    }

    private static IEnumerable<string> Members(JsonSerializerContext format, Type type, JsonObject schema, string path, HashSet<Type> seen)
    {
        var members = format.GetTypeInfo(type)!.Properties.Where(member => member.Get is not null).ToList();
        var described = schema["properties"]!.AsObject();
        foreach (var difference in members.Select(member => member.Name).Except(described.Select(one => one.Key)).Select(missing => $"{path}.{missing} is not described")
            .Concat(described.Select(one => one.Key).Except(members.Select(member => member.Name)).Select(surplus => $"{path}.{surplus} is not there"))
            .Concat(described.Where(one => string.IsNullOrEmpty((string?)one.Value!["description"])).Select(one => $"{path}.{one.Key} has no description")))
            yield return difference;

        var required = schema["required"]!.AsArray().Select(one => (string)one!).ToHashSet();
        foreach (var member in members.Where(member => described.ContainsKey(member.Name)))
        {
            if (required.Contains(member.Name) != IsAlwaysWritten(member))
                yield return $"{path}.{member.Name} is {(IsAlwaysWritten(member) ? "always" : "not always")} there";
            foreach (var difference in Compare(format, member.PropertyType, described[member.Name]!.AsObject(), $"{path}.{member.Name}", seen))
                yield return difference;
        }
    }

    private static bool IsAlwaysWritten(JsonPropertyInfo member) => Nullable.GetUnderlyingType(member.PropertyType) is null && !member.IsGetNullable;

    private static ConfigBuilder Config() => new ConfigBuilder().Listen(name: "Http").Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:00.200");

    [GeneratedRegex("(GET|POST|PUT|DELETE) /[^, \"]*?(?=,|\\.\")")]
    private static partial Regex Routes();
}
