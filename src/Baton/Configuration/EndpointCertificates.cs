using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace Baton.Configuration;

/// <summary>The certificates that the https endpoints show, found as Kestrel finds them.</summary>
internal static class EndpointCertificates
{
    /// <summary>
    /// Each under the name of its endpoint, with the server name behind a slash where it has several. One that cannot be read any
    /// more is left out: Kestrel has read it before.
    /// </summary>
    public static IReadOnlyList<(string Endpoint, string Subject, DateTimeOffset NotAfter)> Read(Settings settings)
    {
        var kestrel = settings.ToConfiguration().GetSection(SectionNames.Kestrel);
        var standard = kestrel.GetSection("Certificates:Default");
        return
        [
            .. TlsEndpoints(kestrel)
                .SelectMany(endpoint => Sections(endpoint, standard))
                .Select(shown => Describe(shown.Name, shown.Section, settings))
                .OfType<(string, string, DateTimeOffset)>(),
        ];
    }

    /// <param name="kestrel">The section <c>Kestrel</c>.</param>
    public static IEnumerable<IConfigurationSection> TlsEndpoints(IConfiguration kestrel) =>
        kestrel.GetSection("Endpoints").GetChildren().Where(endpoint => endpoint["Url"]?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true);

    private static IEnumerable<(string Name, IConfigurationSection Section)> Sections(IConfigurationSection endpoint, IConfigurationSection standard)
    {
        var own = endpoint.GetSection("Certificate");
        var names = endpoint.GetSection("Sni").GetChildren().ToList();
        foreach (var name in names)
            yield return ($"{endpoint.Key}/{name.Key}", Present(name.GetSection("Certificate"), own, standard));
        // With server names Kestrel refuses what matches none of them.
        if (names.Count == 0)
            yield return (endpoint.Key, Present(own, standard));
    }

    private static IConfigurationSection Present(params IConfigurationSection[] sections) => Array.Find(sections, section => section.Exists()) ?? sections[^1];

    private static (string, string, DateTimeOffset)? Describe(string name, IConfigurationSection section, Settings settings)
    {
        try
        {
            using var certificate = section["Path"] is { Length: > 0 } ? CertificateCheck.Load(section, settings) : FromStore(section);
            return certificate is null ? null : (name, certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false), new DateTimeOffset(certificate.NotAfter));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static X509Certificate2? FromStore(IConfigurationSection section)
    {
        if (section["Subject"] is not { Length: > 0 } subject)
            return null;
        var location = Enum.TryParse<StoreLocation>(section["Location"], ignoreCase: true, out var given) ? given : StoreLocation.CurrentUser;
        using var store = new X509Store(section["Store"] is { Length: > 0 } name ? name : nameof(StoreName.My), location);
        store.Open(OpenFlags.ReadOnly);
        return store.Certificates.Find(X509FindType.FindBySubjectName, subject, validOnly: section["AllowInvalid"] is not { } invalid || !bool.Parse(invalid))
            .Where(certificate => certificate.HasPrivateKey)
            .MaxBy(certificate => certificate.NotAfter);
    }
}
