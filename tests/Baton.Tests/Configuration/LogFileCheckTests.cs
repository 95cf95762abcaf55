using Baton.Configuration;
using Xunit;

namespace Baton.Tests.Configuration;

/// <summary>What <c>baton check</c> says of log files.</summary>
public sealed class LogFileCheckTests : IDisposable
{
    private readonly ConfigFolder _folder = new("{}");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("new.log")]
    [InlineData("a/b/new.log")]
    [InlineData("baton.json")]
    public async Task A_file_that_can_be_written_is_in_order_and_not_touched(string file)
    {
        var before = Entries();

        Assert.Empty(await CheckAsync(Path.Combine(_folder.Path, file)));

        Assert.Equal(["baton.json"], Entries().Select(entry => entry.Name));
        Assert.Equal(before.Length, Entries().Length);
    }

    [Theory]
    [InlineData("", "is a directory, but this must be a file")]
    [InlineData("baton.json/a.log", "is no directory")]
    public async Task A_file_that_cannot_be_written(string file, string why)
    {
        var error = Assert.Single(await CheckAsync(Path.Combine(_folder.Path, file)));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Equal("Serilog:WriteTo:0:Args:configureLogger:WriteTo:0:Args:path", error.Key);
        Assert.Equal(1, error.Origin.Line);
    }

    [Theory]
    [InlineData("access.log", null)]
    [InlineData("a/access.log", "there is no directory")]
    [InlineData("", "is a directory, but this must be a file")]
    public async Task The_access_log_needs_its_directory(string file, string? why)
    {
        _folder.Write($$"""{ "Baton": { "AccessLog": { "Path": "{{Path.Combine(_folder.Path, file)}}" } } }""");

        var errors = await CheckAsync();

        Assert.Equal(why is null ? 0 : 1, errors.Count);
        Assert.All(errors, error => Assert.Contains(why!, error.Message, StringComparison.Ordinal));
        Assert.All(errors, error => Assert.Equal("Baton:AccessLog:Path", error.Key));
        Assert.Equal(["baton.json"], Entries().Select(entry => entry.Name));
    }

    private FileSystemInfo[] Entries() => new DirectoryInfo(_folder.Path).GetFileSystemInfos();

    private Task<IReadOnlyList<ConfigurationError>> CheckAsync(string path)
    {
        _folder.Write($$"""
            { "Serilog": { "WriteTo": [ { "Name": "Logger", "Args": { "configureLogger": { "WriteTo": [ { "Name": "File", "Args": { "path": "{{path}}" } } ] } } } ] } }
            """);
        return CheckAsync();
    }

    private async Task<IReadOnlyList<ConfigurationError>> CheckAsync()
    {
        var inspection = await new ConfigurationLoader(_folder.File, new Dictionary<string, string>(), []).InspectAsync(TestContext.Current.CancellationToken);
        LogFileCheck.Check(inspection.Readable.ToConfiguration(), inspection.Findings);
        return inspection.Findings.Errors;
    }
}
