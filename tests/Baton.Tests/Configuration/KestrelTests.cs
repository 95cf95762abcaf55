using Xunit;

namespace Baton.Tests.Configuration;

public sealed class KestrelTests
{
    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://[::1]:8080")]
    [InlineData("http://+:80")]
    [InlineData("http://unix:/run/baton/app.sock")]
    public async Task An_address_that_Kestrel_takes_is_valid(string url) => Assert.Empty((await Load.Text(Endpoints(url))).Warnings);

    [Theory]
    [InlineData("ftp://127.0.0.1", "the scheme must be http or https")]
    [InlineData("127.0.0.1:8080", "")]
    [InlineData("nonsense", "which is not an address")]
    [InlineData("http://127.0.0.1:8080/base", "an endpoint has no path")]
    [InlineData("http://localhost:0", "Use http://127.0.0.1:0.")]
    [InlineData("http://127.0.0.1:99999", "")]
    [InlineData("http://pipe:/name", "named pipes exist only on Windows")]
    [InlineData("", "is missing, but every endpoint needs one")]
    public async Task An_address_that_it_does_not_take_is_an_error(string url, string message)
    {
        var error = await Load.OnlyError(Endpoints(url));

        Assert.Contains("Kestrel:Endpoints:E0:Url", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("http://localhost:8080", "http://127.0.0.1:8080")]
    [InlineData("http://*:8080", "http://127.0.0.1:8080")]
    [InlineData("http://0.0.0.0:8080", "http://127.0.0.1:8080")]
    [InlineData("http://example.org:8080", "http://[::]:8080")]
    [InlineData("http://127.0.0.1", "http://127.0.0.1:80")]
    [InlineData("http://unix:/run/a.sock", "http://unix:/run/a.sock")]
    public async Task Two_endpoints_at_one_address_are_an_error(string one, string other) => Assert.Contains(
        "Kestrel:Endpoints:E1 and Kestrel:Endpoints:E0 listen on the same address",
        await Load.OnlyError(Endpoints(one, other)),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.1:0", "http://127.0.0.1:0")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.2:8080")]
    [InlineData("http://127.0.0.1:8080", "http://[::1]:8080")]
    [InlineData("http://0.0.0.0:8080", "http://[::1]:8080")]
    [InlineData("http://*:8080", "http://*:8081")]
    [InlineData("http://unix:/run/a.sock", "http://unix:/run/b.sock")]
    public async Task Two_endpoints_at_two_addresses_are_valid(string one, string other) => await Load.Text(Endpoints(one, other));

    [Fact]
    public async Task A_section_of_endpoints_without_one_is_an_error() => Assert.Contains(
        "Kestrel:Endpoints names no endpoint", await Load.OnlyError("""{ "Kestrel": { "Endpoints": {} } }"""), StringComparison.Ordinal);

    [Fact]
    public async Task Values_that_Kestrel_would_refuse_later_are_errors_now()
    {
        var errors = await Load.Errors("""
            { "Kestrel": {
              "Endpoints": { "A": { "Url": "http://127.0.0.1:0", "Protocols": "Http9", "SslProtocols": [ "Tls12", "Tls99" ] } },
              "Limits": { "MaxRequestBodySize": "big", "Http2": { "MaxStreamsPerConnection": "x" }, "MinRequestBodyDataRate": { "GracePeriod": "5" } }
            } }
            """);

        string[] keys = ["Endpoints:A:Protocols", "Endpoints:A:SslProtocols:1", "Limits:MaxRequestBodySize", "Limits:Http2:MaxStreamsPerConnection", "Limits:MinRequestBodyDataRate:GracePeriod"];
        Assert.Equal(keys.Length, errors.Count);
        Assert.All(keys, key => Assert.Contains(errors, error => error.Contains($": Kestrel:{key} is '", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_https_endpoint_without_a_certificate_is_an_error() => Assert.Contains(
        "Kestrel:Endpoints:E0 has no certificate. Set Kestrel:Endpoints:E0:Certificate:Path, or Kestrel:Certificates:Default:Path for all endpoints.",
        await Load.OnlyError(Endpoints("https://*:443")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Kestrel:Endpoints:E0:Certificate:Path=a.pfx")]
    [InlineData("Kestrel:Endpoints:E0:Sni:a.example:Certificate:Path=a.pfx")]
    [InlineData("Kestrel:Certificates:Default:Path=a.pfx")]
    public async Task An_https_endpoint_takes_its_certificate_from_any_of_three_places(string set) =>
        Assert.Empty((await Load.Text(Endpoints("https://*:443"), null, set)).Warnings);

    [Fact]
    public async Task An_unknown_key_is_a_warning()
    {
        var loaded = await Load.Text("""{ "Kestrel": { "Endpoints": { "A": { "Url": "http://127.0.0.1:0", "Protocol": "Http1" } } } }""");

        Assert.Contains("Did you mean Protocols?", Assert.Single(loaded.Warnings).Message, StringComparison.Ordinal);
    }

    private static string Endpoints(params string[] urls) =>
        $$"""{ "Kestrel": { "Endpoints": { {{string.Join(", ", urls.Select((url, index) => $$"""  "E{{index}}": { "Url": "{{url}}" } """))}} } } }""";
}
