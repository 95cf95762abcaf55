using System.Globalization;

namespace Baton.Tests.Clients;

/// <summary>The status line and the headers of a response.</summary>
public sealed record ResponseHead(int Status, string StatusLine, IReadOnlyDictionary<string, string> Headers)
{
    public long? ContentLength =>
        Headers.TryGetValue("Content-Length", out var value) ? long.Parse(value, CultureInfo.InvariantCulture) : null;

    public bool Chunked => Has("Transfer-Encoding", "chunked");

    /// <summary>The server ends the connection after this response.</summary>
    public bool Closes => Has("Connection", "close");

    /// <summary>No body follows, whatever the headers say (RFC 9112, 6.3).</summary>
    public bool Bodiless => Status is < 200 or 204 or 304;

    private bool Has(string header, string token) =>
        Headers.TryGetValue(header, out var value)
        && value.Split(',').Any(part => part.Trim().Equals(token, StringComparison.OrdinalIgnoreCase));
}
