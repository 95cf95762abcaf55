using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace Baton.Configuration;

/// <summary>
/// Opens the certificate files that the section <c>Kestrel</c> names, as Kestrel would when it binds, and reports all that is
/// wrong with them rather than the first. Those in a certificate store are Kestrel's to find.
/// </summary>
/// <param name="settings">What could be read.</param>
/// <param name="findings">Takes what is wrong.</param>
/// <param name="now">The time, for what has expired.</param>
internal sealed class CertificateCheck(Settings settings, Findings findings, DateTimeOffset now)
{
    // Renewal by ACME is tried 30 days ahead; what has not come by then needs somebody to look.
    private const int FewDays = 14;

    public void Run()
    {
        var configuration = settings.ToConfiguration();
        var owners = new CertificateOwners(configuration);
        foreach (var section in owners.Certificates.Where(section => !string.IsNullOrEmpty(section["Path"])))
            Check(section, owners.NamesOf(section));
    }

    /// <summary>Loads the one that a section names by its Path.</summary>
    /// <exception cref="CryptographicException">It is none, or its password is another.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static X509Certificate2 Load(IConfigurationSection section, Settings settings)
    {
        var (path, keyPath) = Files(section, settings);
        var password = section["Password"];
        if (keyPath is not null)
            return password is null ? X509Certificate2.CreateFromPemFile(path, keyPath) : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
        return X509Certificate2.GetCertContentType(path) == X509ContentType.Pfx
            ? X509CertificateLoader.LoadPkcs12FromFile(path, password)
            : X509CertificateLoader.LoadCertificateFromFile(path);
    }

    private void Check(IConfigurationSection section, IEnumerable<CertificateName> names)
    {
        var (path, keyPath) = Files(section, settings);
        try
        {
            using var certificate = Load(section, settings);
            if (!certificate.HasPrivateKey)
                Error(section, $"{path} holds no private key. Set {section.Path}:KeyPath to the file that does.");
            else if (!KeyBelongsTo(certificate))
                Error(section, $"the private key in {keyPath ?? path} is not that of the certificate in {path}.");
            CheckTime(section, path, certificate);
            foreach (var name in names.Where(name => !name.IsCoveredBy(certificate)))
                findings.Warning(name.Key, $"{name.Key}: the certificate {path} does not name '{name.Host}', so clients that ask for it refuse it. It names {NamesIn(certificate)}.");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            var files = keyPath is null ? path : $"{path} with the key {keyPath}";
            Error(section, $"{files} cannot be used: {e.Message}");
        }
    }

    private void CheckTime(IConfigurationSection section, string path, X509Certificate2 certificate)
    {
        var (from, to) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        if (to <= now.UtcDateTime)
            Error(section, $"{path} has expired on {Date(to)}, so clients refuse it. Renew it.");
        else if (from > now.UtcDateTime)
            Error(section, $"{path} is not valid before {Date(from)}, so clients refuse it. Is the clock right?");
        else if (to - now.UtcDateTime is { TotalDays: < FewDays } left)
            findings.Warning($"{section.Path}:Path", string.Create(CultureInfo.InvariantCulture, $"{section.Path}: {path} expires in {Math.Floor(left.TotalDays)} days, on {Date(to)}. Renew it."));
    }

    private void Error(IConfigurationSection section, string what) => findings.Error($"{section.Path}:Path", $"{section.Path}: {what}");

    private static string Date(DateTime time) => time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    // The names that clients look at; RFC 9525, 6.3: the subject's common name is none of them.
    private static string NamesIn(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames()).ToList();
        return names.Count == 0 ? "no host at all" : string.Join(", ", names);
    }

    private static (string Path, string? KeyPath) Files(IConfigurationSection section, Settings settings)
    {
        var directory = Path.GetDirectoryName(settings.File)!;
        return (Path.Combine(directory, section["Path"]!), section["KeyPath"] is { Length: > 0 } key ? Path.Combine(directory, key) : null);
    }

    // Files in PEM are compared when they are put together; a PFX says itself which key is whose. So by what counts: a signature.
    private static bool KeyBelongsTo(X509Certificate2 certificate)
    {
        byte[] text = [1, 2, 3];
        using var rsa = certificate.GetRSAPrivateKey();
        if (rsa is not null)
        {
            using var rsaPublic = certificate.GetRSAPublicKey();
            return rsaPublic?.VerifyData(text, rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) == true;
        }

        using var ecdsa = certificate.GetECDsaPrivateKey();
        using var ecdsaPublic = certificate.GetECDsaPublicKey();
        return ecdsa is null || ecdsaPublic?.VerifyData(text, ecdsa.SignData(text, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256) == true;
    }
}
