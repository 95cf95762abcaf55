using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Baton.Canary;

/// <summary>What canaries prove themselves with: an expiry time and a signature over it, which no generation has to remember.</summary>
internal sealed class CanaryTokens(CanaryKey key, TimeProvider clock)
{
    /// <summary>How long a token is good: longer than any upgrade that is verified.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private const int SignatureBytes = 16;

    public string Issue()
    {
        var expiry = (clock.GetUtcNow() + Life).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{expiry}.{Sign(expiry)}";
    }

    public bool IsValid(string token)
    {
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !long.TryParse(token.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var expiry))
            return false;
        var left = expiry - clock.GetUtcNow().ToUnixTimeSeconds();
        return left > 0 && left <= Life.TotalSeconds
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(token[..dot])), Encoding.UTF8.GetBytes(token[(dot + 1)..]));
    }

    private string Sign(string expiry) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key.Secret, Encoding.UTF8.GetBytes(expiry)).AsSpan(0, SignatureBytes));
}
