using Baton.Configuration;
using Xunit;

namespace Baton.Tests.Configuration;

public sealed class SourcesTests
{
    private const string File = """{ "Baton": { "DrainTimeout": "00:00:11", "ReadyTimeout": "00:00:11", "Probation": "00:00:11" } }""";

    [Fact]
    public async Task Environment_overrides_the_file_and_set_overrides_both()
    {
        var environment = new Dictionary<string, string>
        {
            ["BATON__DrainTimeout"] = "00:00:22",
            ["BATON__ReadyTimeout"] = "00:00:22",
        };

        var options = (await Load.Text(File, environment, "Baton:DrainTimeout=00:00:33")).Options;

        Assert.Equal(TimeSpan.FromSeconds(33), options.DrainTimeout);
        Assert.Equal(TimeSpan.FromSeconds(22), options.ReadyTimeout);
        Assert.Equal(TimeSpan.FromSeconds(11), options.Probation);
    }

    [Fact]
    public async Task Of_two_sets_of_one_key_the_later_counts()
    {
        var options = (await Load.Text("{}", null, "Baton:Probation=00:00:01", "Baton:Probation=00:00:04")).Options;

        Assert.Equal(TimeSpan.FromSeconds(4), options.Probation);
    }

    [Theory]
    [InlineData("BATON__Kestrel__Endpoints__Http__Url", "Kestrel:Endpoints:Http:Url")]
    [InlineData("BATON__KESTREL__Endpoints__Http__Url", "Kestrel:Endpoints:Http:Url")]
    [InlineData("BATON__Baton__UnixSockets__Owner", "Baton:UnixSockets:Owner")]
    [InlineData("BATON__UnixSockets__Owner", "Baton:UnixSockets:Owner")]
    public async Task A_variable_belongs_to_the_section_it_names_and_else_to_Baton(string variable, string key)
    {
        var settings = (await Load.Text("{}", new() { [variable] = "http://127.0.0.1:1234" })).Settings;

        Assert.Equal("http://127.0.0.1:1234", settings[key]?.Value);
        Assert.Equal($"environment variable {variable}", settings.OriginOf(key));
    }

    [Fact]
    public async Task A_set_may_contain_further_equals_signs()
    {
        var settings = (await Load.Text("{}", null, "Serilog:Properties:Label=a=b")).Settings;

        Assert.Equal("a=b", settings["Serilog:Properties:Label"]?.Value);
    }

    [Theory]
    [InlineData("Baton:DrainTimeout")]
    [InlineData("DrainTimeout=00:00:01")]
    [InlineData("=1")]
    [InlineData("Baton::Drain=1")]
    public async Task A_set_of_another_form_is_an_error_with_an_example(string text)
    {
        Assert.Equal($"--set {text}: This must be Section:Key=value, as in --set Baton:DrainTimeout=00:01:00.", await Load.OnlyError("{}", text));
    }

    [Fact]
    public async Task A_set_in_an_unknown_section_names_the_nearest()
    {
        Assert.Contains("Did you mean Kestrel?", await Load.OnlyError("{}", "Kestrl:A=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_endpoints_and_log_there_are_a_loopback_listener_and_a_console()
    {
        var settings = (await Load.Text("{}")).Settings;

        Assert.Equal("http://127.0.0.1:8080", settings["Kestrel:Endpoints:Http:Url"]?.Value);
        Assert.Equal("Console", settings["Serilog:WriteTo:0:Name"]?.Value);
        Assert.Equal("Warning", settings["Serilog:MinimumLevel:Override:Yarp"]?.Value);
    }

    [Fact]
    public void Without_a_file_every_place_that_was_tried_is_named()
    {
        if (System.IO.File.Exists("config/baton.json") || System.IO.File.Exists("/etc/baton/baton.json"))
            return; // the machine has one

        var errors = Assert.Throws<ConfigurationException>(() => ConfigurationFile.Find(null)).Message;

        Assert.Contains(Path.GetFullPath("config/baton.json"), errors, StringComparison.Ordinal);
        Assert.Contains("/etc/baton/baton.json", errors, StringComparison.Ordinal);
        Assert.Contains("--config FILE", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_given_file_becomes_absolute()
    {
        using var folder = new ConfigFolder("{}");
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), folder.File);

        Assert.Equal(folder.File, ConfigurationFile.Find(relative));
    }

    [Theory]
    [InlineData("missing.json", "There is no such file.")]
    [InlineData("", "This is a directory")]
    public void A_given_file_that_is_none_is_an_error(string name, string message)
    {
        using var folder = new ConfigFolder("{}");

        var thrown = Assert.Throws<ConfigurationException>(() => ConfigurationFile.Find(Path.Combine(folder.Path, name)));

        Assert.Contains(message, Assert.Single(thrown.Errors).Message, StringComparison.Ordinal);
    }
}
