using Baton.Configuration;
using Xunit;

namespace Baton.Tests.Configuration;

/// <summary>What is taken for a secret where the configuration is shown, and what is not.</summary>
public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("Baton:Admin:Token", "anything")]
    [InlineData("Kestrel:Certificates:Default:Password", "anything")]
    [InlineData("Kestrel:Endpoints:A:Sni:b.example:Certificate:Password", "anything")]
    [InlineData("Serilog:WriteTo:1:Args:apiKey", "anything")]
    [InlineData("Serilog:WriteTo:1:Args:connectionString", "Server=a;Trusted=true")]
    [InlineData("Serilog:WriteTo:1:Args:configure:0:Args:credentials:user", "anything")]
    [InlineData("Baton:Otlp:Headers", "x=anything")]
    [InlineData("Baton:Otlp:Headers:x-scope", "anything")]
    [InlineData("ReverseProxy:Routes:r:Transforms:0:Set", "anything")]
    [InlineData("ReverseProxy:Routes:r:Transforms:12:Append", "anything")]
    [InlineData("ReverseProxy:Routes:r:Match:Headers:0:Values:0", "anything")]
    [InlineData("ReverseProxy:Routes:r:Match:QueryParameters:0:Values:1", "anything")]
    [InlineData("reverseproxy:routes:r:transforms:0:set", "anything")]
    [InlineData("reverseProxy:Routes:r:match:headers:0:values:0", "anything")]
    [InlineData("ReverseProxy:Clusters:c:Metadata:signing-key", "anything")]
    [InlineData("ReverseProxy:Clusters:c:Metadata:ClientSecret", "anything")]
    [InlineData("Serilog:Properties:Note", "-----BEGIN PRIVATE KEY-----")]
    [InlineData("Serilog:Properties:Note", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln")]
    public void It_is_masked_whole(string key, string value) => Assert.Equal(SecretMask.Masked, SecretMask.Of(key, value));

    [Theory]
    [InlineData("http://user:pass@host:80/path", "http://***@host:80/path")]
    [InlineData("https://key@sentry.example/1", "https://***@sentry.example/1")]
    [InlineData("/health?token=abc&x=1", "/health?token=***&x=1")]
    [InlineData("/health?x=1&api_key=abc", "/health?x=1&api_key=***")]
    [InlineData("Server=db;User=u;Password=p w;X=1", "Server=db;User=u;Password=***;X=1")]
    [InlineData("Authorization: Bearer abcdef", "Authorization: ***")]
    [InlineData("Bearer abcdef0123", "Bearer ***")]
    public void A_part_of_a_value_is_masked(string value, string shown) => Assert.Equal(shown, SecretMask.InText(value));

    [Theory]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://127.0.0.1:8080")]
    [InlineData("Kestrel:Certificates:Default:KeyPath", "/etc/baton/tls.key")]
    [InlineData("Kestrel:Certificates:Default:Path", "/etc/baton/tls.pem")]
    [InlineData("Kestrel:Limits:MaxRequestHeadersTotalSize", "32768")]
    [InlineData("Kestrel:Limits:MaxRequestHeaderCount", "100")]
    [InlineData("ReverseProxy:Routes:r:AuthorizationPolicy", "default")]
    [InlineData("ReverseProxy:Routes:r:Match:Path", "/{**catch-all}")]
    [InlineData("ReverseProxy:Routes:r:Match:Headers:0:Name", "X-Version")]
    [InlineData("ReverseProxy:Routes:r:Transforms:0:RequestHeader", "X-Forwarded-Proto")]
    [InlineData("ReverseProxy:Routes:r:Transforms:0:PathPrefix", "/api")]
    [InlineData("ReverseProxy:Clusters:c:HealthCheck:Passive:Enabled", "true")]
    [InlineData("ReverseProxy:Clusters:c:SessionAffinity:AffinityKeyName", ".Baton.Affinity")]
    [InlineData("ReverseProxy:Clusters:c:HttpClient:DangerousAcceptAnyServerCertificate", "false")]
    [InlineData("Serilog:WriteTo:0:Args:outputTemplate", "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}")]
    [InlineData("ReverseProxy:Routes:tokens:Match:Path", "/oauth/token")]
    [InlineData("ReverseProxy:Clusters:auth:Destinations:webhook:Address", "http://127.0.0.1:5000/")]
    [InlineData("Kestrel:Endpoints:Secret:Url", "http://127.0.0.1:8080")]
    [InlineData("Baton:DrainTimeout", "00:00:30")]
    [InlineData("Baton:UnixSockets:Mode", "0660")]
    [InlineData("Baton:Admin:Socket", null)]
    public void It_is_shown(string key, string? value) => Assert.Equal(value, SecretMask.Of(key, value));

    [Theory]
    [InlineData("--set Baton:Admin:Token=hunter2", "--set Baton:Admin:Token")]
    [InlineData("environment variable BATON__Admin__Token", "environment variable BATON__Admin__Token")]
    [InlineData("/etc/baton=x/baton.json:3:4", "/etc/baton=x/baton.json:3:4")]
    public void An_origin_is_shown_without_the_value(string origin, string shown) => Assert.Equal(shown, SecretMask.Origin(origin));
}
