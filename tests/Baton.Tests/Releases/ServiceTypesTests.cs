using System.Text.Json.Nodes;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Releases;

/// <summary>The list of generic types of services that the native program is built with.</summary>
public sealed class ServiceTypesTests
{
    private const string Listed = "Baton/Services.rd.xml";

    private static readonly string[] Switches = ["System.StartupHookProvider.IsSupported", "System.Diagnostics.Tracing.EventSource.IsSupported"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_has_what_two_generations_ask_for_and_nothing_else()
    {
        var directory = Directory.CreateTempSubdirectory("baton-services-");
        using var certificate = new CertificateFiles();
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var config = certificate.ListenTls(new ConfigBuilder().Listen()).ForwardTo(backend.Address).Baton("Probation", "00:00:00");
        var start = new DaemonStart
        {
            Command = CompiledAsItRuns(directory.CreateSubdirectory("program").FullName),
            Environment = new Dictionary<string, string?>
            {
                ["DOTNET_STARTUP_HOOKS"] = typeof(ServiceTypesTests).Assembly.Location,
                [AskedServices.Variable] = directory.CreateSubdirectory("asked").FullName,
            },
            Listeners = 2,
        };
        await using (var daemon = await DaemonProcess.StartAsync(config, start))
        {
            await RequestAsync(daemon);
            await daemon.UpgradeAsync();
            await RequestAsync(daemon);
            await daemon.WaitForOneProcessAsync(); // A signal while the first one writes its list would end it.
        }

        var asked = AskedServices.DirectivesOf(Path.Combine(directory.FullName, "asked"));
        if (asked != await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.Source, Listed), Token))
        {
            var file = Path.Combine(directory.FullName, "Services.rd.xml");
            await File.WriteAllTextAsync(file, asked, Token);
            Assert.Fail($"src/{Listed} is not what the services are made of. To mend it: cp {file} src/{Listed}");
        }

        directory.Delete(recursive: true);
    }

    private static async Task RequestAsync(DaemonProcess daemon)
    {
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = CertificateFiles.IsOurs } };
        using var client = new HttpClient(handler);
        foreach (var address in daemon.Log.Addresses.Where(address => address.StartsWith("http", StringComparison.Ordinal)))
            Assert.True((await client.GetAsync(address, Token)).IsSuccessStatusCode);
    }

    // With the settings of the native program, but for the two by which somebody may look on.
    private static IReadOnlyList<string> CompiledAsItRuns(string directory)
    {
        var program = Path.Combine(DaemonExecutable.BuiltDirectory, "baton");
        var settings = JsonNode.Parse(File.ReadAllText($"{program}.runtimeconfig.json"))!;
        foreach (var name in Switches)
            settings["runtimeOptions"]!["configProperties"]![name] = true;
        var file = Path.Combine(directory, "baton.runtimeconfig.json");
        File.WriteAllText(file, settings.ToJsonString());
        return ["dotnet", "exec", "--runtimeconfig", file, "--depsfile", $"{program}.deps.json", $"{program}.dll"];
    }
}
