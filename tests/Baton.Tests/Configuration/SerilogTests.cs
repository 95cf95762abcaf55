using Baton.Configuration;
using Baton.Features;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Baton.Tests.Configuration;

public sealed class SerilogTests
{
    [Theory]
    [InlineData("""{ "MinimumLevel": "Loud" }""", "Serilog:MinimumLevel is 'Loud', but it must be one of Verbose, Debug,")]
    [InlineData("""{ "MinimumLevel": { "Default": "Info" } }""", "Serilog:MinimumLevel:Default is 'Info'")]
    [InlineData("""{ "MinimumLevel": { "Override": { "Yarp": "x" } } }""", "Serilog:MinimumLevel:Override:Yarp is 'x'")]
    [InlineData("""{ "WriteTo": [ { "Name": "Consol" } ] }""", "names the sink 'Consol', which is not built in. Did you mean Console?")]
    [InlineData("""{ "WriteTo": [ "Seq" ] }""", "names the sink 'Seq'")]
    [InlineData("""{ "WriteTo": [ { "Args": {} } ] }""", "Serilog:WriteTo:0:Name is missing")]
    [InlineData("""{ "WriteTo": [ { "Name": "File", "Args": { "pth": "x" } } ] }""", "Serilog:WriteTo:0:Args:pth is not known. Did you mean path?")]
    [InlineData("""{ "MinimunLevel": "Debug" }""", "Did you mean MinimumLevel?")]
    public async Task What_Serilog_would_pass_over_in_silence_is_an_error(string section, string message) =>
        Assert.Contains(message, await Load.OnlyError($$"""{ "Serilog": {{section}} }"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "MinimumLevel": "Debug", "WriteTo": [ "Console" ], "Enrich": [ "FromLogContext" ] }""")]
    [InlineData("""{ "MinimumLevel": { "Default": "warning" }, "WriteTo": { "Out": { "Name": "Console" } } }""")]
    public async Task What_Serilog_takes_is_valid(string section) => await Load.Text($$"""{ "Serilog": {{section}} }""");

    [Fact]
    public async Task A_check_opens_no_log_file()
    {
        using var folder = new ConfigFolder("{}");
        var log = Path.Combine(folder.Path, "baton.log");

        await Load.Text(FileSink(log));

        Assert.False(File.Exists(log));
    }

    [Fact]
    public async Task Two_generations_write_to_a_shared_file()
    {
        using var folder = new ConfigFolder("{}");
        var log = Path.Combine(folder.Path, "baton.log");
        await using (var one = await BuildAsync(FileSink(log)))
        await using (var two = await BuildAsync(FileSink(log)))
        {
            Write(one, "from the predecessor");
            Write(two, "from the successor");
        }

        var text = await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken);
        Assert.Contains("from the predecessor", text, StringComparison.Ordinal);
        Assert.Contains("from the successor", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_is_a_configuration_error()
    {
        using var folder = new ConfigFolder("{}");
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => BuildAsync(FileSink(Path.Combine(folder.File, "baton.log"))));

        Assert.All(error.Errors, one => Assert.Equal("Serilog", one.Origin));
    }

    [Fact]
    public async Task An_enricher_that_does_not_exist_is_a_configuration_error()
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => BuildAsync("""{ "Serilog": { "Enrich": [ "WithMoonPhase" ] } }"""));

        Assert.Contains("WithMoonPhase", error.Message, StringComparison.Ordinal);
    }

    private static string FileSink(string path) =>
        $$"""{ "Serilog": { "WriteTo": [ { "Name": "File", "Args": { "path": "{{path}}", "shared": true } } ] } }""";

    private static async Task<WebApplication> BuildAsync(string json)
    {
        var loaded = await Load.Text(json);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.Sources.Add(new SettingsSource(loaded.Settings));
        builder.AddSerilog(generation: 1);
        builder.AddListening();
        return builder.Build();
    }

    private static void Write(WebApplication app, string text)
    {
        var logger = app.Services.GetRequiredService<ILogger<SerilogTests>>();
#pragma warning disable CA1848, CA2254 // One line in a test.
        logger.LogInformation(text);
#pragma warning restore CA1848, CA2254
    }

    [Theory]
    [InlineData("", "Serilog.Sinks.SystemConsole.Themes.AnsiConsoleTheme::Literate, Serilog.Sinks.Console")]
    [InlineData(""", "Args": { "outputTemplate": "{Message}" }""", "Serilog.Sinks.SystemConsole.Themes.AnsiConsoleTheme::Literate, Serilog.Sinks.Console")]
    [InlineData(""", "Args": { "theme": "one's own" }""", "one's own")]
    [InlineData(""", "Args": { "formatter": "Serilog.Formatting.Json.JsonFormatter, Serilog" }""", null)]
    public async Task The_console_writes_whole_lines_unless_somebody_has_chosen_otherwise(string arguments, string? theme)
    {
        var settings = (await Load.Text($$"""{ "Serilog": { "WriteTo": [ { "Name": "Console"{{arguments}} } ] } }""")).Settings;
        Assert.Equal(theme, settings["Serilog:WriteTo:0:Args:theme"]?.Value);
    }
}
