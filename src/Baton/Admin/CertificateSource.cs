using Baton.Configuration;

namespace Baton.Admin;

/// <summary>
/// The certificates for <c>GET /status</c>: as they were when this generation started, since it shows those, whatever lies on
/// the disk by now. To be made when the server has started.
/// </summary>
internal sealed class CertificateSource(SettingsSource running, TimeProvider clock)
{
    // Not on the way to ready: whoever asks first waits for it.
    private readonly Task<IReadOnlyList<(string Endpoint, string Subject, DateTimeOffset NotAfter)>> _read = Task.Run(() => EndpointCertificates.Read(running.Settings));

    public async Task<IReadOnlyList<CertificateDocument>> LookAsync()
    {
        var now = clock.GetUtcNow();
        return [.. (await _read).Select(shown => new CertificateDocument(shown.Endpoint, shown.Subject, shown.NotAfter, (int)Math.Floor((shown.NotAfter - now).TotalDays)))];
    }
}
