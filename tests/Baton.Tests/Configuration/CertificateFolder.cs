using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Baton.Tests.Configuration;

/// <summary>A configuration beside certificates of every kind.</summary>
internal sealed class CertificateFolder : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    // No tool makes such a file by itself: two bags with the same localKeyId; RFC 7292, 4.2 and RFC 2985, 5.5.2. Without a password.
    private const string WithForeignKey =
        "MIICrQIBAzCCAk0GCSqGSIb3DQEHAaCCAj4EggI6MIICNjCCAWoGCSqGSIb3DQEHAaCCAVsEggFXMIIBUzCCAU8GCyqGSIb3DQEMCgEDoIIBKjCCASYGCiqG" +
        "SIb3DQEJFgGgggEWBIIBEjCCAQ4wgbSgAwIBAgIIFgJqxZCJYgEwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAxMBYTAgFw03MDAxMDEwMDAwMDBaGA8yMTAwMDEw" +
        "MTAwMDAwMFowDDEKMAgGA1UEAxMBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPDCo5yA7lAEZCdnqsNFeyJ2khDvcpp+KVPfiA6l7ccukIom4UgRiSo0" +
        "e0MINNHqOTBspAwecqaTqNh/BHRXI7wwCgYIKoZIzj0EAwIDSQAwRgIhAOU0k8NibQ7WQJpQeAufVRf7K2gCN+XXqoUKKl9AeL9HAiEAxh4zkYhheRF+7KVT" +
        "Fn9E3osfJyRNHlfWD2HvKJDM1a4xEjAQBgkqhkiG9w0BCRUxAwQBATCBxQYJKoZIhvcNAQcBoIG3BIG0MIGxMIGuBgsqhkiG9w0BDAoBAaCBijCBhwIBADAT" +
        "BgcqhkjOPQIBBggqhkjOPQMBBwRtMGsCAQEEID8oh7lDOSjY/z9VCiEm3+jHjyzjVIRtC0EZVYfl4AaooUQDQgAEx6TY12F0CdsFn/SgEbArZLXl2Hn7gRWb" +
        "yBWqt+4pQLndPd3LmZx8RZ7KUAACEvx+dhdWeLvaxuCZ4cmNrWgvvzESMBAGCSqGSIb3DQEJFTEDBAEBMFcwLzALBglghkgBZQMEAgEEIO6trv2HTHMuIoLI" +
        "dRs8f/4DWtItq89qCLIU6HK/b5YxBCAj0gPUN4WfsLcxh3iaR656CA2f98oNVq9W4AwhgLefigICA+g=";

    private readonly ConfigFolder _folder = new("{}");

    public string Path => _folder.Path;

    /// <summary>Writes NAME.pem and NAME.key.</summary>
    /// <param name="name">Of the files.</param>
    /// <param name="hosts">Whom the certificate names.</param>
    /// <param name="days">When it expires, from <see cref="Now"/>.</param>
    /// <param name="isRsa">What its key is.</param>
    public void Add(string name, string[]? hosts = null, int days = 60, bool isRsa = false)
    {
        using var certificate = Create(name, hosts ?? [], days, isRsa);
        File.WriteAllText(At($"{name}.pem"), certificate.ExportCertificatePem());
        using var key = (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(At($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Writes NAME.pfx, in which a key that is another's is said to be that of the certificate; valid until 2100.</summary>
    public void AddWithForeignKey(string name) => File.WriteAllBytes(At($"{name}.pfx"), Convert.FromBase64String(WithForeignKey));

    public string At(string file) => System.IO.Path.Combine(Path, file);

    public string Write(string json)
    {
        _folder.Write(json);
        return _folder.File;
    }

    public void Dispose() => _folder.Dispose();

    private static X509Certificate2 Create(string name, string[] hosts, int days, bool isRsa)
    {
        using AsymmetricAlgorithm key = isRsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = key is RSA rsa
            ? new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", (ECDsa)key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        Array.ForEach(hosts, names.AddDnsName);
        if (hosts.Length > 0)
            request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(Now.AddDays(-400), Now.AddDays(days));
    }
}
