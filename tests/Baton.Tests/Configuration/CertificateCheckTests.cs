using Baton.Configuration;
using Xunit;

namespace Baton.Tests.Configuration;

/// <summary>What <c>baton check</c> says of certificates.</summary>
public sealed class CertificateCheckTests : IDisposable
{
    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_is_in_order(bool isRsa)
    {
        _folder.Add("good", ["example.org", "*.example.org"], isRsa: isRsa);

        var (errors, warnings) = await CheckAsync(Endpoint("https://example.org:443", "good", "good", """, "Sni": { "example.org": {}, "*.example.org": {}, "a.example.org": {}, "*": {} }"""));

        Assert.Empty(errors);
        Assert.Empty(warnings);
    }

    [Fact]
    public async Task A_key_that_is_not_its_own()
    {
        _folder.Add("one");
        _folder.Add("other");

        var error = Assert.Single((await CheckAsync(Endpoint("https://127.0.0.1:443", "one", "other"))).Errors);

        Assert.Contains($"{_folder.At("one.pem")} with the key {_folder.At("other.key")} cannot be used", error.Message, StringComparison.Ordinal);
        Assert.Equal("Kestrel:Endpoints:Tls:Certificate:Path", error.Key);
        Assert.Equal((1, 89), (error.Origin.Line, error.Origin.Column));
    }

    [Fact]
    public async Task A_key_in_a_PFX_that_is_not_its_own()
    {
        _folder.AddWithForeignKey("foreign");

        var error = Assert.Single((await CheckAsync("""{ "Kestrel": { "Certificates": { "Default": { "Path": "foreign.pfx" } } } }""")).Errors);

        Assert.Contains($"the private key in {_folder.At("foreign.pfx")} is not that of the certificate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_has_expired_is_an_error_and_one_that_soon_will_a_warning()
    {
        _folder.Add("old", days: -1);
        _folder.Add("soon", days: 13);
        _folder.Add("later", days: 15);

        var (errors, warnings) = await CheckAsync("""
            { "Kestrel": { "Certificates": {
              "Old": { "Path": "old.pem", "KeyPath": "old.key" },
              "Soon": { "Path": "soon.pem", "KeyPath": "soon.key" },
              "Later": { "Path": "later.pem", "KeyPath": "later.key" } } } }
            """);

        Assert.Equal($"Kestrel:Certificates:Old: {_folder.At("old.pem")} has expired on 2026-04-30 12:00 UTC, so clients refuse it. Renew it.", Assert.Single(errors).Message);
        Assert.Equal($"Kestrel:Certificates:Soon: {_folder.At("soon.pem")} expires in 13 days, on 2026-05-14 12:00 UTC. Renew it.", Assert.Single(warnings).Message);
    }

    [Fact]
    public async Task A_host_that_it_does_not_name_is_a_warning_where_the_host_stands()
    {
        _folder.Add("one", ["one.example"]);
        _folder.Add("nameless");

        var (errors, warnings) = await CheckAsync("""
            { "Kestrel": {
              "Certificates": { "Default": { "Path": "one.pem", "KeyPath": "one.key" } },
              "Endpoints": {
                "A": { "Url": "https://one.example:443" },
                "B": { "Url": "https://two.example:444" },
                "C": { "Url": "https://*:445", "Sni": {
                  "*.one.example": {},
                  "three.example": { "Certificate": { "Path": "nameless.pem", "KeyPath": "nameless.key" } } } } } } }
            """);

        Assert.Empty(errors);
        Assert.Equal(
            ["Kestrel:Endpoints:B:Url", "Kestrel:Endpoints:C:Sni:*.one.example", "Kestrel:Endpoints:C:Sni:three.example"],
            warnings.Select(warning => warning.Key).Order());
        Assert.Contains(warnings, warning => warning.Message.Contains("does not name 'two.example', so clients that ask for it refuse it. It names one.example.", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Message.EndsWith("It names no host at all.", StringComparison.Ordinal));
    }

    private static string Endpoint(string url, string certificate, string key, string more = "") =>
        $$"""{ "Kestrel": { "Endpoints": { "Tls": { "Url": "{{url}}", "Certificate": { "Path": "{{certificate}}.pem", "KeyPath": "{{key}}.key" } {{more}} } } } }""";

    private async Task<(IReadOnlyList<ConfigurationError> Errors, IReadOnlyList<ConfigurationError> Warnings)> CheckAsync(string json)
    {
        var inspection = await new ConfigurationLoader(_folder.Write(json), new Dictionary<string, string>(), []).InspectAsync(TestContext.Current.CancellationToken);
        new CertificateCheck(inspection.Readable, inspection.Findings, CertificateFolder.Now).Run();
        return (inspection.Findings.Errors, inspection.Findings.Warnings);
    }
}
