using System.Text.Json;
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

    [Fact]
    public async Task Errors_of_every_kind_stand_in_one_list()
    {
        var run = await CheckAsync(new ConfigBuilder().Listen("http://192.0.2.1:8080")
            .Baton("DrainTimeOut2", "1")
            .Set("ReverseProxy:Routes:lost:ClusterId", "nowhere")
            .Set("Kestrel:Certificates:Default:Path", "none.pfx")
            .Set("Serilog:WriteTo:File:Name", "File")
            .Set("Serilog:WriteTo:File:Args:path", _directory));

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.All(
            ["Baton:DrainTimeOut2 is not known", "'nowhere'", "192.0.2.1 is no address", "none.pfx cannot be used", "is a directory"],
            text => Assert.Contains(text, run.Errors, StringComparison.Ordinal));
    }

    [Fact]
    public async Task As_JSON_each_is_an_object_with_its_place()
    {
        var run = await CheckAsync(new ConfigBuilder().Listen().Baton("DrainTimeOut2", "1").Set("Kestrl:Limits", "none"), "--json", "--set", "Baton:Probation=soon");

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Equal("", run.Errors);
        using var found = JsonDocument.Parse(run.Output);
        var texts = found.RootElement.EnumerateArray().Select(one => (
            one.GetProperty("severity").GetString(),
            one.TryGetProperty("file", out var file) ? file.GetString() : one.GetProperty("source").GetString(),
            one.TryGetProperty("line", out var line) && line.GetInt32() > 1 && one.GetProperty("column").GetInt32() > 1,
            one.GetProperty("path").GetString())).Order().ToList();
        Assert.Equal(
            [
                ("error", File, true, "Baton:DrainTimeOut2"),
                ("error", "--set Baton:Probation=soon", false, "Baton:Probation"),
                ("warning", File, true, "Kestrl"),
            ],
            texts.OrderBy(text => text.Item4));
    }

    [Fact]
    public async Task As_JSON_a_valid_one_is_an_empty_list_and_no_JSON_one_error()
    {
        var valid = await CheckAsync(new ConfigBuilder().Listen(), "--json");
        await System.IO.File.WriteAllTextAsync(File, "{ no", TestContext.Current.CancellationToken);
        var broken = await BatonCommand.RunAsync(null, "check", "--config", File, "--json");

        Assert.Equal(new BatonCommand(0, "[]\n", ""), valid);
        Assert.True(broken.ExitCode == 1 && broken.Output.Contains("\"line\": 1,\n    \"column\": 3,\n    \"message\": \"This is not JSON", StringComparison.Ordinal), broken.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("none")]
    public async Task A_daemon_that_runs_with_it_holds_its_own_addresses(string? adminSocket)
    {
        var config = new ConfigBuilder().Listen($"http://127.0.0.1:{FreePort.Next()}").Listen($"http://unix:{_directory}/app.sock");
        await using var daemon = await DaemonProcess.StartAsync(adminSocket is null ? config : config.Set("Baton:Admin:Socket", adminSocket), new DaemonStart { Listeners = 2 });

        var own = await BatonCommand.RunAsync(daemon, "check", "--config", daemon.ConfigFile);
        var others = await CheckAsync(config);
        var wider = await BatonCommand.RunAsync(daemon, "check", "--config", daemon.ConfigFile, "--set", $"Kestrel:Endpoints:endpoint-001:Url=http://*:{daemon.Port}");

        Assert.True(own.ExitCode == 0, own.ToString());
        Assert.True(others.ExitCode == 1, others.ToString());
        Assert.Contains($"127.0.0.1:{daemon.Port} is in use by another process: pid {daemon.FirstPid}, ", others.Errors, StringComparison.Ordinal);
        Assert.Contains($"{_directory}/app.sock is in use by another process: pid {daemon.FirstPid}, ", others.Errors, StringComparison.Ordinal);
        Assert.True(wider.ExitCode == 1, wider.ToString()); // The successor could not bind it: its predecessor is in the way.
        daemon.AssertNoUnexpectedWarnings();
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Task<BatonCommand> CheckAsync(ConfigBuilder config, params IReadOnlyList<string> arguments)
    {
        config.WriteTo(File);
        return BatonCommand.RunAsync(null, ["check", "--config", File, .. arguments]);
    }
}
