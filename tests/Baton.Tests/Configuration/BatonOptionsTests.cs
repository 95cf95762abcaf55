using Baton.Configuration;
using Baton.Tracing;
using Xunit;

namespace Baton.Tests.Configuration;

public sealed class BatonOptionsTests
{
    [Fact]
    public async Task Without_the_section_every_option_has_its_default()
    {
        var options = (await Load.Text("{}")).Options;

        Assert.Equivalent(new BatonOptions(), options, strict: true);
    }

    [Fact]
    public async Task Every_option_is_read_from_its_key()
    {
        var options = (await Load.Text("""
            { "Baton": {
              "ReadyTimeout": "00:00:41", "DrainTimeout": "00:00:42", "IdleLinger": "00:00:03", "LeaveSpread": "00:00:04",
              "ShutdownDelay": "00:00:05",
              "Probation": "00:00:44", "FailureMargin": 0.45,
              "UnixSockets": { "Mode": "0600", "Owner": "root", "Group": "0" },
              "Retries": 7,
              "AccessLog": { "Path": "/a.log", "Format": "json", "MaskQuery": "token", "MaskHeaders": "X-Mine", "QueueSize": 100 },
              "Admin": { "Socket": "/run/b/a.sock", "Address": "[::1]:9901", "Token": "0123456789abcdef" },
              "Metrics": { "Enabled": false, "MaxSeries": 17 },
              "Telemetry": { "Endpoint": "https://c:1/x", "Protocol": "HttpProtobuf", "Headers": "a=b", "SampleRatio": 0.25, "MetricsInterval": "00:00:06" }
            } }
            """)).Options;

        Assert.Equal(TimeSpan.FromSeconds(41), options.ReadyTimeout);
        Assert.Equal(TimeSpan.FromSeconds(42), options.DrainTimeout);
        Assert.Equal(TimeSpan.FromSeconds(3), options.IdleLinger);
        Assert.Equal(TimeSpan.FromSeconds(4), options.LeaveSpread);
        Assert.Equal(TimeSpan.FromSeconds(5), options.ShutdownDelay);
        Assert.Equal(TimeSpan.FromSeconds(44), options.Probation);
        Assert.Equal(0.45, options.FailureMargin);
        Assert.Equal(("0600", "root", "0"), (options.UnixSockets.Mode, options.UnixSockets.Owner, options.UnixSockets.Group));
        Assert.Equal(("/run/b/a.sock", "[::1]:9901", "0123456789abcdef"), (options.Admin.Socket, options.Admin.Address, options.Admin.Token));
        Assert.Equal(7, options.Retries);
        Assert.Equal(
            ("/a.log", "json", "token", "X-Mine", 100),
            (options.AccessLog.Path, options.AccessLog.Format, options.AccessLog.MaskQuery, options.AccessLog.MaskHeaders, options.AccessLog.QueueSize));
        Assert.Equal((false, 17), (options.Metrics.Enabled, options.Metrics.MaxSeries));
        Assert.Equal(("https://c:1/x", TelemetryProtocol.HttpProtobuf, "a=b", 0.25, TimeSpan.FromSeconds(6)), Values(options.Telemetry));
    }

    [Theory]
    [InlineData("Metrics", "\"MaxSeries\": 15", "Baton:Metrics:MaxSeries is 15, but it must lie between 16 and 5000.")]
    [InlineData("Telemetry", "\"Endpoint\": \"collector:4317\"", "Baton:Telemetry:Endpoint is 'collector:4317', but it must be an absolute http or https address")]
    [InlineData("Telemetry", "\"Headers\": \"secret\"", "Baton:Telemetry:Headers cannot be read")]
    [InlineData("Telemetry", "\"SampleRatio\": 1.5", "Baton:Telemetry:SampleRatio is 1.5, but it must lie between 0 and 1")]
    [InlineData("Telemetry", "\"MetricsInterval\": \"00:00:00\"", "Baton:Telemetry:MetricsInterval is 00:00:00, but it must lie between 00:00:01 and 01:00:00.")]
    public async Task What_is_measured_and_sent_has_its_ranges(string section, string option, string message) =>
        Assert.Contains(message, await Load.OnlyError($$"""{ "Baton": { "{{section}}": { {{option}} } } }"""), StringComparison.Ordinal);

    private static (string?, TelemetryProtocol, string?, double, TimeSpan) Values(TelemetryOptions options) =>
        (options.Endpoint, options.Protocol, options.Headers, options.SampleRatio, options.MetricsInterval);

    [Fact]
    public void The_test_above_knows_every_option() => Assert.Equal(
        ["AccessLog", "Admin", "DrainTimeout", "FailureMargin", "IdleLinger", "LeaveSpread", "Metrics", "Probation", "ReadyTimeout", "Retries", "ShutdownDelay", "Telemetry", "UnixSockets"],
        ShapeCheck.KeysOf(typeof(BatonOptions)).Select(key => key.Name).Order(StringComparer.Ordinal));

    [Fact]
    public async Task An_unknown_key_names_the_nearest_and_the_known_ones()
    {
        var error = await Load.OnlyError("""{ "Baton": { "DrainTimout": "00:00:01" } }""");

        Assert.Equal(
            $"{Load.File}:1:14: Baton:DrainTimout is not known. Did you mean DrainTimeout? Known here: Retries, AccessLog, Admin, Metrics, Telemetry, ReadyTimeout, DrainTimeout, IdleLinger, ShutdownDelay, LeaveSpread, Probation, FailureMargin, UnixSockets.",
            error);
    }

    [Fact]
    public async Task An_unknown_key_further_down_names_the_nearest_there()
    {
        var error = await Load.OnlyError("""{ "Baton": { "UnixSockets": { "Onwer": "x" } } }""");

        Assert.Contains("Baton:UnixSockets:Onwer is not known. Did you mean Owner? Known here: Mode, Owner, Group.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_near_to_nothing_gets_no_guess()
    {
        var error = await Load.OnlyError("""{ "Baton": { "Zzzzzzzzzz": 1 } }""");

        Assert.DoesNotContain("Did you mean", error, StringComparison.Ordinal);
        Assert.Contains("Known here: Retries, AccessLog, Admin, Metrics, Telemetry, ReadyTimeout", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"soon\"", "is 'soon', but it must be a time as hours:minutes:seconds, as in \"00:00:30\".")]
    [InlineData("30", "is '30', but it must be a time as hours:minutes:seconds, as in \"00:00:30\".")] // .NET alone reads 30 days
    [InlineData("\"\"", "is '', but it must be a time")]
    [InlineData("null", "is null, but it needs a value.")]
    [InlineData("{ \"Seconds\": 3 }", "is a section, but it must be a value.")]
    [InlineData("\"2.00:00:00\"", "is 2.00:00:00, but it must lie between 00:00:00 and 1.00:00:00.")]
    public async Task A_value_that_cannot_be_used_is_an_error_with_an_example(string value, string message) =>
        Assert.Contains($": Baton:DrainTimeout {message}", await Load.OnlyError($$"""{ "Baton": { "DrainTimeout": {{value}} } }"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"Retries\": 11", "Retries is 11, but it must lie between 0 and 10.")]
    [InlineData("\"Retries\": -1", "Retries is -1, but it must lie between 0 and 10.")]
    [InlineData("\"AccessLog\": { \"QueueSize\": 63 }", "AccessLog:QueueSize is 63, but it must lie between 64 and 1048576.")]
    [InlineData("\"AccessLog\": { \"Path\": \"\" }", "AccessLog:Path is '', but it must be a file, \"stdout\", or null for no access log.")]
    public async Task A_value_out_of_range_is_an_error(string option, string message) =>
        Assert.Contains($": Baton:{message}", await Load.OnlyError($$"""{ "Baton": { {{option}} } }"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("a.sock")]
    [InlineData("")]
    public async Task An_admin_socket_is_an_absolute_path(string path) => Assert.Contains(
        $"Baton:Admin:Socket is '{path}', but it must be an absolute path, \"none\" for no admin socket, or null for the usual path.",
        await Load.OnlyError($$"""{ "Baton": { "Admin": { "Socket": "{{path}}" } } }"""),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("localhost:9901", "is 'localhost:9901', but it must be an IP address and a port")]
    [InlineData("127.0.0.1", "but it must be an IP address and a port")]
    [InlineData("127.0.0.1:0", "but it must be an IP address and a port")]
    [InlineData("", "but it must be an IP address and a port")]
    [InlineData("0.0.0.0:9901", "is '0.0.0.0:9901', which is not loopback: whoever reaches it could upgrade or drain this daemon. Set Baton:Admin:Token")]
    [InlineData("[::]:9901", "which is not loopback")]
    [InlineData("127.0.0.1:8080", "and Kestrel:Endpoints:Http listen on the same address (port 8080)")]
    public async Task An_admin_address_is_refused_with_the_reason(string address, string reason) => Assert.Contains(
        reason, await Load.OnlyError($$"""{ "Baton": { "Admin": { "Address": "{{address}}" } } }"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("0123456789abcde", "has 15 characters")]
    [InlineData("0123456789 abcdef", "has 17 characters, but it must have 16 to 1024, printable ASCII without spaces")]
    public async Task A_token_that_can_be_guessed_is_refused_and_not_shown(string token, string reason)
    {
        var error = await Load.OnlyError($$"""{ "Baton": { "Admin": { "Address": "0.0.0.0:9901", "Token": "{{token}}" } } }""");

        Assert.Contains($"Baton:Admin:Token {reason}", error, StringComparison.Ordinal);
        Assert.DoesNotContain(token, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:9901", "null")]
    [InlineData("[::1]:9901", "null")]
    [InlineData("0.0.0.0:9901", "\"0123456789abcdef\"")]
    public async Task An_admin_address_is_loopback_or_has_a_token(string address, string token) =>
        Assert.Equal(address, (await Load.Text($$"""{ "Baton": { "Admin": { "Address": "{{address}}", "Token": {{token}} } } }""")).Options.Admin.Address);

    [Fact]
    public async Task A_value_in_place_of_a_section_is_an_error() => Assert.Contains(
        "Baton:UnixSockets is '0660', but it must be a section: { … }.",
        await Load.OnlyError("""{ "Baton": { "UnixSockets": "0660" } }"""),
        StringComparison.Ordinal);

    [Fact]
    public async Task An_error_from_a_variable_names_the_variable() => Assert.Equal(
        "environment variable BATON__DrainTimeout: Baton:DrainTimeout is 'x', but it must be a time as hours:minutes:seconds, as in \"00:00:30\".",
        Assert.Single(await Load.Errors("{}", new() { ["BATON__DrainTimeout"] = "x" })));

    [Fact]
    public async Task Everything_that_is_wrong_is_listed_at_once()
    {
        var errors = await Load.Errors(
            """
            {
              "Kestrel": { "Endpoints": { "A": { "Url": "ftp://x" } } },
              "ReverseProxy": { "Routes": { "r": { "ClusterId": "none", "Match": { "Path": "/{" } } }, "Clusters": {} },
              "Serilog": { "MinimumLevel": "Loud" },
              "Baton": { "DrainTimout": "00:00:01", "ReadyTimeout": "soon", "Probation": "-00:00:01", "UnixSockets": { "Mode": "999" } }
            }
            """,
            new() { ["BATON__Nothing"] = "1" },
            "nonsense");

        string[] expected =
        [
            "--set nonsense", "Baton:Nothing is not known", "Baton:DrainTimout is not known", "Baton:ReadyTimeout is 'soon'",
            "Baton:Probation is -00:00:01", "Baton:UnixSockets:Mode is '999'", "Kestrel:Endpoints:A:Url is 'ftp://x'",
            "Serilog:MinimumLevel is 'Loud'", "there is no such cluster", "Invalid path '/{'",
        ];
        Assert.Equal(expected.Length, errors.Count);
        Assert.All(expected, part => Assert.Contains(errors, error => error.Contains(part, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Kestrl", "Did you mean Kestrel?")]
    [InlineData("Logging", "Known here: Kestrel, ReverseProxy, Serilog, Baton.")]
    public async Task An_unknown_section_is_a_warning(string section, string message)
    {
        var loaded = await Load.Text($$"""{ "{{section}}": { "a": 1 } }""");

        Assert.Contains(message, Assert.Single(loaded.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_and_comment_keys_are_no_sections() =>
        Assert.Empty((await Load.Text("""{ "$schema": "x", "// note": "y" }""")).Warnings);
}
