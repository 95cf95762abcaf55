using Baton.Tests.Admin;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Configuration;

/// <summary><c>baton check</c>, as a process: what scripts rely on is its exit code and where it writes.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("baton-check-").FullName;

    private string File => Path.Combine(_directory, "baton.json");

    [Fact]
    public async Task A_valid_configuration_is_said_in_one_line()
    {
        var run = await CheckAsync(new ConfigBuilder().Listen());

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("", run.Errors);
        Assert.StartsWith($"{File} is valid for baton ", Assert.Single(run.Output.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_error_is_listed_as_run_would()
    {
        var config = new ConfigBuilder().Listen("http://127.0.0.1:99999").Baton("DrainTimeOut2", "1").Set("ReverseProxy:Routes:lost:ClusterId", "nowhere");

        var check = await CheckAsync(config);
        var run = await BatonCommand.RunAsync(null, "run", "--config", File);

        Assert.True(check.ExitCode == 1, check.ToString());
        Assert.Equal("", check.Output);
        Assert.Contains("Baton:DrainTimeOut2 is not known", check.Errors, StringComparison.Ordinal);
        Assert.Contains("99999", check.Errors, StringComparison.Ordinal);
        Assert.Contains("nowhere", check.Errors, StringComparison.Ordinal);
        Assert.Equal(run.Errors, check.Errors);
    }

    [Fact]
    public async Task An_override_counts()
    {
        var run = await CheckAsync(new ConfigBuilder().Listen(), "--set", "Baton:DrainTimeout=soon");

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains("--set Baton:DrainTimeout=soon", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warning_is_no_error()
    {
        var run = await CheckAsync(new ConfigBuilder().Listen().Set("Kestrl:Limits", "none"));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("(a warning only)", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_can_be_loaded_is_valid()
    {
        using var certificate = new CertificateFiles();
        var run = await CheckAsync(certificate.ListenTls(new ConfigBuilder()));

        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [Fact]
    public async Task Every_certificate_that_cannot_be_loaded_is_an_error()
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_directory, "garbage.pem"), "no certificate", TestContext.Current.CancellationToken);
        using var certificate = new CertificateFiles();
        var run = await CheckAsync(certificate.ListenTls(new ConfigBuilder())
            .Set("Kestrel:Certificates:Default:Path", "none.pfx")
            .Set("Kestrel:Endpoints:Tls:Sni:a.example:Certificate:Path", "garbage.pem")
            .Set("Kestrel:Endpoints:Tls:Sni:a.example:Certificate:KeyPath", "garbage.pem"));

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains($"Kestrel:Certificates:Default: {_directory}/none.pfx cannot be used: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"Kestrel:Endpoints:Tls:Sni:a.example:Certificate: {_directory}/garbage.pem with the key {_directory}/garbage.pem cannot be used: ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(2, run.Errors.TrimEnd().Split('\n').Length);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Task<BatonCommand> CheckAsync(ConfigBuilder config, params IReadOnlyList<string> arguments)
    {
        config.WriteTo(File);
        return BatonCommand.RunAsync(null, ["check", "--config", File, .. arguments]);
    }
}
