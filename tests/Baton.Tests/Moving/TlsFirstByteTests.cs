using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Moving;

/// <summary>Before its first byte a connection to a TLS listener is like any other; after it, keys tie it to its process.</summary>
public sealed class TlsFirstByteTests
{
    // In milliseconds, far more than anything here takes; it ends a wait for what never comes.
    private const int Deadline = 60_000;
    private const int Upgrades = 3;
    private const int Connections = 50;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = Deadline)]
    public async Task Connections_that_were_silent_over_three_upgrades_shake_hands_with_the_last_successor()
    {
        using var certificate = new CertificateFiles();
        await using var daemon = await DaemonProcess.StartAsync(
            certificate.ListenTls(new ConfigBuilder()).Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:00.200"));
        var silent = new List<TcpClient>();
        try
        {
            for (var number = 0; number < Connections; number++)
                silent.Add(await ConnectAsync(daemon.Port));
            for (var upgrade = 0; upgrade < Upgrades; upgrade++)
            {
                var predecessor = daemon.Current;
                await daemon.UpgradeAsync();
                await daemon.WaitForExitAsync(predecessor.Pid);
            }

            Assert.All(await Task.WhenAll(silent.Select(ShakeHandsAndAskAsync)), answer => Assert.Contains($"generation  {Upgrades + 1}\n", answer, StringComparison.Ordinal));
            daemon.AssertNoUnexpectedWarnings();
        }
        finally
        {
            silent.ForEach(client => client.Dispose());
        }
    }

    [Fact(Timeout = Deadline)]
    public async Task A_connection_that_has_shaken_hands_stays_and_is_asked_to_close_by_its_next_answer()
    {
        using var certificate = new CertificateFiles();
        await using var daemon = await DaemonProcess.StartAsync(
            certificate.ListenTls(new ConfigBuilder()).Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:20"));
        using var client = await ConnectAsync(daemon.Port);
        await using var stream = await ShakeHandsAsync(client);
        using var reader = new StreamReader(stream);
        Assert.False(await IsAskedToCloseAsync());
        await daemon.UpgradeAsync();

        // What is answered before the drain has begun does not ask yet.
        while (!await IsAskedToCloseAsync())
        {
        }

        Assert.Equal("", await reader.ReadToEndAsync(Token));
        daemon.AssertNoUnexpectedWarnings();

        async Task<bool> IsAskedToCloseAsync()
        {
            await AskAsync(stream, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            var lines = new List<string>();
            while (lines is not [.., "0", ""]) // The last chunk is empty: RFC 9112, 7.1.
                lines.Add(await reader.ReadLineAsync(Token) ?? throw new EndOfStreamException());
            Assert.Contains("generation  1", lines);
            return lines.Contains("Connection: close");
        }
    }

    private static async Task<TcpClient> ConnectAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Token);
        return client;
    }

    private static async Task<string> ShakeHandsAndAskAsync(TcpClient client)
    {
        await using var stream = await ShakeHandsAsync(client);
        await AskAsync(stream, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Token);
    }

    private static async Task<SslStream> ShakeHandsAsync(TcpClient client)
    {
        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = CertificateFiles.IsOurs }, Token);
        return stream;
    }

    private static async Task AskAsync(SslStream stream, string request) => await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Token);
}
