using Baton.Configuration;
using Xunit;

namespace Baton.Tests.Configuration;

public sealed class JsonTests
{
    [Fact]
    public async Task Comments_and_trailing_commas_are_allowed()
    {
        var options = (await Load.Text("""
            // a line
            { /* a block */ "Baton": { "DrainTimeout": "00:00:07", }, }
            """)).Options;

        Assert.Equal(TimeSpan.FromSeconds(7), options.DrainTimeout);
    }

    [Fact]
    public async Task A_byte_order_mark_is_ignored() => await Load.Text("\uFEFF{}");

    [Fact]
    public async Task Numbers_truths_nulls_and_lists_keep_their_text()
    {
        var settings = (await Load.Text("""{ "Serilog": { "Properties": { "n": 1.50, "t": true, "z": null, "l": [ "a", { "b": 2 } ] } } }""")).Settings;

        Assert.Equal("1.50", settings["Serilog:Properties:n"]?.Value);
        Assert.Equal("true", settings["Serilog:Properties:t"]?.Value);
        Assert.Equal((null, new SettingOrigin(Load.File, 1, 54)), (settings["Serilog:Properties:z"]!.Value, settings["Serilog:Properties:z"]!.Origin));
        Assert.Equal("a", settings["Serilog:Properties:l:0"]?.Value);
        Assert.Equal("2", settings["Serilog:Properties:l:1:b"]?.Value);
    }

    [Fact]
    public async Task What_is_said_twice_is_kept_once_and_what_only_looks_alike_is_not()
    {
        var settings = (await Load.Text("""{ "Serilog": { "Properties": { "one": { "Name": "hällo" }, "two": { "N\u0061me": "h\u00e4llo" }, "three": { "name": "hallo" } } } }""")).Settings;
        var sections = settings.Root.Find("Serilog:Properties")!.Children.Select(section => section.Children.Single()).ToList(); // one, three, two

        Assert.Equal(["Name", "name", "Name"], sections.Select(section => section.Key));
        Assert.Equal(["hällo", "hallo", "hällo"], sections.Select(section => section.Value));
        var again = (await Load.Text("""{ "Serilog": { "Properties": { "one": { "Name": "a" }, "two": { "Name": "a" } } } }""")).Settings;
        Assert.Same(again["Serilog:Properties:one:Name"]!.Key, again["Serilog:Properties:two:Name"]!.Key);
    }

    [Fact]
    public void A_name_that_is_not_UTF8_is_no_JSON()
    {
        var bytes = "{ \"Serilog\": { \"a?\": 1 } }"u8.ToArray();
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;
        List<ConfigurationError> errors = [];

        var failure = Assert.Throws<ConfigurationException>(() => JsonSettings.Read(bytes, new Settings(Load.File), errors));
        Assert.StartsWith($"{Load.File}:1:16: This is not JSON: ", Assert.Single(failure.Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_syntax_error_names_line_and_column()
    {
        var error = await Load.OnlyError("""
            {
              "Baton": {
                "DrainTimeout" "00:00:07"
            """);

        Assert.StartsWith($"{Load.File}:3:20: This is not JSON: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "The file is empty.")]
    [InlineData(" \n", "The file is empty.")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{} {}", "This is not JSON")]
    public async Task What_is_no_object_is_an_error(string json, string message) =>
        Assert.Contains(message, await Load.OnlyError(json), StringComparison.Ordinal);

    [Fact]
    public async Task An_error_in_a_value_names_its_line_and_column()
    {
        var error = await Load.OnlyError("""
            {
              "Baton": {
                "DrainTimeout": "soon"
              }
            }
            """);

        Assert.StartsWith($"{Load.File}:3:5: Baton:DrainTimeout is 'soon'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_key_that_is_set_twice_is_an_error_with_both_places()
    {
        var errors = await Load.Errors("""
            {
              "Baton": { "Probation": "00:00:01", "probation": "00:00:02" },
              "Serilog": { "Properties": { "a": 1, "a": 2 } }
            }
            """);

        Assert.Equal(
            [
                $"{Load.File}:2:39: Baton:probation is set twice, here and at {Load.File}:2:14. Remove one of them.",
                $"{Load.File}:3:40: Serilog:Properties:a is set twice, here and at {Load.File}:3:32. Remove one of them.",
            ],
            errors);
    }

    [Fact]
    public async Task A_value_may_stand_as_deep_as_the_reader_allows()
    {
        var names = Enumerable.Range(1, 60).Select(level => $"level{level}").ToList();
        var nested = names.AsEnumerable().Reverse().Aggregate("1", (inner, name) => $$"""{ "{{name}}": {{inner}} }""");
        var settings = (await Load.Text($$"""{ "Serilog": { "Properties": {{nested}} } }""")).Settings;
        Assert.Contains($"Serilog:Properties:{string.Join(':', names)}", settings.All.Select(section => section.Path));
    }

    [Fact]
    public async Task A_section_may_be_written_in_pieces_but_no_piece_twice()
    {
        var settings = (await Load.Text("""{ "Baton:Probation": "00:00:05", "Baton": { "DrainTimeout": "00:00:07" }, "baton:retries": 2 }""")).Settings;
        Assert.Equal(["00:00:07", "00:00:05", "2"], settings.Root.Child("Baton")!.Children.Select(child => child.Value));

        Assert.Equal(
            $"{Load.File}:1:45: Baton:Probation is set twice, here and at {Load.File}:1:3. Remove one of them.",
            await Load.OnlyError("""{ "Baton:Probation": "00:00:05", "Baton": { "Probation": "00:00:07" } }"""));
    }

    [Theory]
    [InlineData("""{ "Baton": {}, "Baton": {} }""")]
    [InlineData("""{ "Baton": {}, "Baton:Probation": "00:00:05", "Baton": {} }""")]
    [InlineData("""{ "Baton:Probation": "00:00:05", "Baton": {}, "Baton": {} }""")]
    public async Task A_section_that_is_written_twice_is_an_error(string json) =>
        Assert.Contains("Baton is set twice", await Load.OnlyError(json), StringComparison.Ordinal);
}
