#pragma warning disable CA5359 // Whether the certificate fits is for clients to judge.
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Baton.Handover.Sockets;
using Baton.Handover.Transport;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Baton.Handover.Hosting;

/// <summary>
/// Asks, as a client would, whether somebody answers on the listeners: after the takeover that can only be the successor.
/// The question is one that a proxy answers itself, <c>OPTIONS *</c> with <c>Max-Forwards: 0</c>; RFC 9110, 7.6.2.
/// </summary>
internal sealed class ListenerProbe(HandoverListenerFactory factory, IServer server)
{
    private static readonly byte[] Question = "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nMax-Forwards: 0\r\nConnection: close\r\n\r\n"u8.ToArray();
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks each listener until it has answered once, with anything.</summary>
    /// <param name="except">Listeners that the successor has no use for.</param>
    /// <param name="deadline">Ends the asking.</param>
    /// <returns>What went wrong on those that never answered.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlyCollection<ListenSocket> except, CancellationToken deadline)
    {
        var failures = await Task.WhenAll(factory.Listeners.Where(listener => !except.Contains(listener.Listener)).Select(listener => AskAsync(listener, deadline)));
        return [.. failures.OfType<string>()];
    }

    private async Task<string?> AskAsync(HandoverListener listener, CancellationToken deadline)
    {
        var failure = "no answer";
        while (true)
        {
            try
            {
                if (await IsAnsweredAsync(listener.EndPoint, deadline))
                    return null;
                failure = "the connection was closed without an answer";
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                failure = e.Message;
            }
            catch (OperationCanceledException)
            {
                return $"It did not answer on {listener.Listener.Address} ({failure}).";
            }

            await TimeProvider.System.PauseAsync(BetweenTries, deadline);
        }
    }

    private async Task<bool> IsAnsweredAsync(EndPoint endPoint, CancellationToken deadline)
    {
        var target = Reachable(endPoint);
        using var socket = target is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(target, deadline);
        var counting = new AnsweredStream(socket);
        try
        {
            Stream stream = counting;
            if (IsTls(endPoint))
            {
                var tls = new SslStream(counting, leaveInnerStreamOpen: false);
                await tls.AuthenticateAsClientAsync(Tls(), deadline);
                stream = tls;
            }

            await stream.WriteAsync(Question, deadline);
            await stream.ReadExactlyAsync(new byte[1], deadline);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException && counting.IsAnswered)
        {
            // It spoke, if not as hoped: HTTP/2 alone, a certificate asked for.
        }

        return counting.IsAnswered;
    }

    // The chain is built whatever becomes of it; without the system's certificates, and with nobody asked, that takes no time from clients.
    private static SslClientAuthenticationOptions Tls() => new()
    {
        TargetHost = "localhost",
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        },
    };

    private bool IsTls(EndPoint endPoint)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return addresses.Contains($"https://{(endPoint is UnixDomainSocketEndPoint ? "unix:" : "")}{endPoint}")
            || (endPoint is IPEndPoint { Address: var address } ip && IPAddress.IsLoopback(address) && addresses.Contains($"https://localhost:{ip.Port}"));
    }

    private static EndPoint Reachable(EndPoint endPoint) => endPoint is IPEndPoint { Address: var address } ip
        ? new IPEndPoint(address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address, ip.Port)
        : endPoint;
}
