using System.Security.Cryptography.X509Certificates;

namespace Baton.Configuration;

/// <summary>A host that clients ask for and a certificate is shown to.</summary>
/// <param name="Host">A name, or a pattern such as <c>*.example.org</c>.</param>
/// <param name="Key">Where the configuration says so.</param>
internal sealed record CertificateName(string Host, string Key)
{
    private const string Wildcard = "*.";

    // A wildcard is covered by one alone, which any name below it tells as well.
    private const string AnyLabel = "any.";

    /// <summary>Whether the certificate names it.</summary>
    public bool IsCoveredBy(X509Certificate2 certificate)
    {
        var host = Host.StartsWith(Wildcard, StringComparison.Ordinal) ? AnyLabel + Host[Wildcard.Length..] : Host;
        return Uri.CheckHostName(host) == UriHostNameType.Dns && certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false);
    }
}
