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

    private static ConfigurationError? Error(IConfigurationSection section, Settings settings)
    {
        var directory = Path.GetDirectoryName(settings.File)!;
        var path = Path.Combine(directory, section["Path"]!);
        var keyPath = section["KeyPath"] is { Length: > 0 } key ? Path.Combine(directory, key) : null;
        try
        {
            using var certificate = Load(path, keyPath, section["Password"]);
            return certificate.HasPrivateKey ? null : Complaint($"{path} holds no private key. Set {section.Path}:KeyPath to the file that does.");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            var files = keyPath is null ? path : $"{path} with the key {keyPath}";
            return Complaint($"{files} cannot be used: {e.Message}");
        }

        ConfigurationError Complaint(string what) => new(settings.OriginOf($"{section.Path}:Path"), $"{section.Path}: {what}");
    }

    private static X509Certificate2 Load(string path, string? keyPath, string? password) => keyPath is null
        ? X509Certificate2.GetCertContentType(path) == X509ContentType.Pfx
            ? X509CertificateLoader.LoadPkcs12FromFile(path, password)
            : X509CertificateLoader.LoadCertificateFromFile(path)
        : password is null
            ? X509Certificate2.CreateFromPemFile(path, keyPath)
            : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
}
