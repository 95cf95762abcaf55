using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Baton.Tests.Daemon;

/// <summary>A certificate for localhost that signed itself, and its key, in a directory of their own.</summary>
public sealed class CertificateFiles : IDisposable
{
    private const string Subject = "CN=localhost";
    private readonly string _directory = Directory.CreateTempSubdirectory("baton-tls-").FullName;

    public CertificateFiles()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        File.WriteAllText(CertificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
    }

    private string CertificatePath => Path.Combine(_directory, "certificate.pem");

    private string KeyPath => Path.Combine(_directory, "key.pem");

    /// <summary>Accepts this certificate, which nobody has signed, and no other.</summary>
    public static bool IsOurs(object sender, X509Certificate? presented, X509Chain? chain, SslPolicyErrors errors) => presented?.Subject == Subject;

    /// <summary>Adds an endpoint with TLS on a free port of 127.0.0.1.</summary>
    public ConfigBuilder ListenTls(ConfigBuilder config) => config
        .Listen("https://127.0.0.1:0", name: "Tls")
        .Set("Kestrel:Endpoints:Tls:Certificate:Path", CertificatePath)
        .Set("Kestrel:Endpoints:Tls:Certificate:KeyPath", KeyPath);

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
