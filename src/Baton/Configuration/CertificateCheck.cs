using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace Baton.Configuration;

/// <summary>
/// Opens the certificate files that the section <c>Kestrel</c> names, as Kestrel would when it binds, and reports all that
/// cannot be used rather than the first. Those in a certificate store are Kestrel's to find.
/// </summary>
internal static class CertificateCheck
{
    public static IReadOnlyList<ConfigurationError> Errors(Settings settings)
    {
        var kestrel = settings.ToConfiguration().GetSection(SectionNames.Kestrel);
        var endpoints = kestrel.GetSection("Endpoints").GetChildren().ToList();
        return
        [
            .. endpoints
                .Concat(endpoints.SelectMany(endpoint => endpoint.GetSection("Sni").GetChildren()))
                .Select(owner => owner.GetSection("Certificate"))
                .Concat(kestrel.GetSection("Certificates").GetChildren())
                .Where(certificate => !string.IsNullOrEmpty(certificate["Path"]))
                .Select(certificate => Error(certificate, settings))
                .OfType<ConfigurationError>(),
        ];
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

    private static (string Path, string? KeyPath) Files(IConfigurationSection section, Settings settings)
    {
        var directory = Path.GetDirectoryName(settings.File)!;
        return (Path.Combine(directory, section["Path"]!), section["KeyPath"] is { Length: > 0 } key ? Path.Combine(directory, key) : null);
    }

    private static ConfigurationError? Error(IConfigurationSection section, Settings settings)
    {
        var (path, keyPath) = Files(section, settings);
        try
        {
            using var certificate = Load(section, settings);
            return certificate.HasPrivateKey ? null : Complaint($"{path} holds no private key. Set {section.Path}:KeyPath to the file that does.");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            var files = keyPath is null ? path : $"{path} with the key {keyPath}";
            return Complaint($"{files} cannot be used: {e.Message}");
        }

        ConfigurationError Complaint(string what) => new(settings.OriginOf($"{section.Path}:Path"), $"{section.Path}: {what}");
    }
}
