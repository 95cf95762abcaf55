using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Baton.Bench.Peers;

/// <summary>What stands around every proxy: a directory for all files, a certificate, two backends and one that echoes.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private const int SmallestFile = 10_000;
    private const int LargestFile = 1_000_000;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly string _directory = Directory.CreateTempSubdirectory("baton-bench-").FullName;
    private readonly List<Background> _programs = [];
    private readonly Site _backends;
    private int _sites;

    private Scene() => _backends = new Site(_directory, Site.FreePort(), Site.FreePort(), Site.FreePort());

    public static async Task<Scene> CreateAsync()
    {
        var scene = new Scene();
        try
        {
            await scene.StartAsync();
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    /// <summary>A directory, ports and a certificate for one proxy.</summary>
    public Site NewSite(string name)
    {
        var directory = Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"{name}-{++_sites}"));
        Directory.CreateDirectory(directory);
        File.Copy(Path.Combine(_directory, "site.pem"), Path.Combine(directory, "site.pem"));
        return new Site(directory, _backends.BackendA, _backends.BackendB, _backends.Echo);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs)
            await program.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task StartAsync()
    {
        // Started by root, nginx drops to another user, who reads the files below.
        File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        await File.WriteAllTextAsync(Path.Combine(_directory, "10k"), new string('x', SmallestFile));
        await File.WriteAllTextAsync(Path.Combine(_directory, "1m"), new string('x', LargestFile));
        await File.WriteAllTextAsync(Path.Combine(_directory, "site.pem"), Certificate());
        var config = _backends.Write("backends.conf");
        await StartAsync(["nginx", "-p", _directory, "-c", config], "backends", _backends.BackendA);
        await StartAsync([Environment.ProcessPath!, "echo", _backends.Echo.ToString(CultureInfo.InvariantCulture)], "echo", _backends.Echo);
    }

    private async Task StartAsync(IReadOnlyList<string> command, string name, int port)
    {
        var program = await Background.StartAsync(command, Path.Combine(_directory, name + ".log"), []);
        _programs.Add(program);
        try
        {
            await Task.Run(() => Probe.UntilAnswered(port, program, StartTimeout));
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"The {name} did not start: {e.Message}\n{program.LastWords()}");
        }
    }

    private static string Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }
}
