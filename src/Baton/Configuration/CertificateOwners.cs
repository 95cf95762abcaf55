using System.Net;
using Microsoft.Extensions.Configuration;

namespace Baton.Configuration;

/// <summary>Which certificates the section <c>Kestrel</c> names, and for which hosts each is shown.</summary>
internal sealed class CertificateOwners
{
    private const string EveryName = "*";

    private readonly Dictionary<string, (IConfigurationSection Section, List<CertificateName> Names)> _certificates = new(StringComparer.OrdinalIgnoreCase);

    public CertificateOwners(IConfiguration configuration)
    {
        foreach (var named in configuration.GetSection("Kestrel:Certificates").GetChildren())
            Add(named);
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
            AddEndpoint(endpoint, configuration.GetSection("Kestrel:Certificates:Default"));
    }

    public IEnumerable<IConfigurationSection> Certificates => _certificates.Values.Select(entry => entry.Section);

    public IReadOnlyList<CertificateName> NamesOf(IConfigurationSection certificate) => _certificates[certificate.Path].Names;

    // A server name without a certificate has that of its endpoint, and an endpoint without one the default.
    private void AddEndpoint(IConfigurationSection endpoint, IConfigurationSection byDefault)
    {
        var own = Add(endpoint.GetSection("Certificate")) ?? Add(byDefault);
        var names = endpoint.GetSection("Sni").GetChildren().ToList();
        foreach (var name in names)
            AddName(Add(name.GetSection("Certificate")) ?? own, name.Key, name.Path);

        // An address and "*" say nothing about what clients call the host.
        if (names.Count == 0 && KestrelValidation.UrlOf(endpoint) is { Scheme: "https", IsUnixPipe: false } url && !IPAddress.TryParse(url.Host, out _))
            AddName(own, url.Host, $"{endpoint.Path}:Url");
    }

    private IConfigurationSection? Add(IConfigurationSection certificate)
    {
        if (!certificate.Exists())
            return null;
        _certificates.TryAdd(certificate.Path, (certificate, []));
        return certificate;
    }

    private void AddName(IConfigurationSection? certificate, string host, string key)
    {
        if (certificate is not null && host is not (EveryName or "+"))
            _certificates[certificate.Path].Names.Add(new CertificateName(host, key));
    }
}
