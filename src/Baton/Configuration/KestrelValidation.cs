using Baton.Admin;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Baton.Configuration;

/// <summary>
/// Checks the section <c>Kestrel</c>: Kestrel itself would report one error, and only when it binds. It would also give an
/// https endpoint without a certificate the one that a developer's machine may have, which no proxy wants.
/// </summary>
internal static class KestrelValidation
{
    private const string Example = "Write it as in \"http://127.0.0.1:8080\", \"https://*:443\", \"http://[::1]:8080\" or \"http://unix:/run/app.sock\".";

    public static void Check(IConfiguration configuration, Findings findings)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().ToList();
        if (endpoints.Count == 0)
        {
            findings.Error("Kestrel:Endpoints", $"Kestrel:Endpoints names no endpoint, so nothing would listen. Add one, as in \"Http\": {{ \"Url\": \"http://127.0.0.1:8080\" }}.");
            return;
        }

        var certificates = configuration.GetSection("Kestrel:Certificates");
        var seen = new List<(string Path, EndpointAddress Address)>();
        foreach (var endpoint in endpoints)
        {
            if (Parse(endpoint, findings) is not { } url)
                continue;

            if (url.Scheme == "https" && !HasCertificate(endpoint) && !certificates.GetSection("Default").Exists())
                findings.Error($"{endpoint.Path}:Url", $"{endpoint.Path} has no certificate. Set {endpoint.Path}:Certificate:Path, or {certificates.Path}:Default:Path for all endpoints.");

            var address = new EndpointAddress(url);
            var other = seen.Find(earlier => earlier.Address.CollidesWith(address));
            if (other.Path is not null)
                findings.Error($"{endpoint.Path}:Url", $"{endpoint.Path} and {other.Path} listen on the same address ({address}). Remove one of them or change its address.");
            seen.Add((endpoint.Path, address));
        }

        CheckAdmin(configuration, seen, findings);
    }

    // Not left to bind(2): in a successor, the listener of the predecessor's endpoint would become the admin's.
    private static void CheckAdmin(IConfiguration configuration, List<(string Path, EndpointAddress Address)> endpoints, Findings findings)
    {
        const string Key = "Baton:Admin:Address";
        if (configuration[Key] is not { } text || AdminOptions.ParseAddress(text) is null)
            return;
        var address = new EndpointAddress(BindingAddress.Parse($"http://{text}"));
        if (endpoints.Find(endpoint => endpoint.Address.CollidesWith(address)) is { Path: { } path })
            findings.Error(Key, $"{Key} and {path} listen on the same address ({address}). Give the admin interface one of its own.");
    }

    private static bool HasCertificate(IConfigurationSection endpoint) =>
        endpoint.GetSection("Certificate").Exists()
        || endpoint.GetSection("Sni").GetChildren().Any(name => name.GetSection("Certificate").Exists());

    private static BindingAddress? Parse(IConfigurationSection endpoint, Findings findings)
    {
        var key = $"{endpoint.Path}:Url";
        var text = endpoint["Url"];
        if (string.IsNullOrWhiteSpace(text))
        {
            findings.Error(key, $"{key} is missing, but every endpoint needs one. {Example}");
            return null;
        }

        BindingAddress url;
        try
        {
            url = BindingAddress.Parse(text);
        }
        catch (FormatException)
        {
            findings.Error(key, $"{key} is '{text}', which is not an address. {Example}");
            return null;
        }

        if (Complaint(url, text) is not { } complaint)
            return url;
        findings.Error(key, $"{key} is '{text}', but {complaint}");
        return null;
    }

    private static string? Complaint(BindingAddress url, string text)
    {
        if (url.Scheme is not ("http" or "https"))
            return $"the scheme must be http or https. {Example}";
        if (url.IsNamedPipe)
            return "named pipes exist only on Windows; use a Unix-domain socket, as in \"http://unix:/run/app.sock\".";
        if (url.IsUnixPipe)
            return url.UnixPipePath.StartsWith('/') ? null : "the path of a Unix-domain socket must be absolute, as in \"http://unix:/run/app.sock\".";
        if (url.Port is < 0 or > 65535)
            return "a port lies between 0 and 65535.";
        if (url.PathBase.Length > 0)
            return "an endpoint has no path. Match paths in ReverseProxy:Routes instead.";
        return url.Port == 0 && url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            ? $"localhost is two addresses, which cannot share a port that the kernel picks. Use {text.Replace("localhost", "127.0.0.1", StringComparison.OrdinalIgnoreCase)}."
            : null;
    }
}
