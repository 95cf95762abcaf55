using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Baton.Admin;
using Baton.Handover.Sockets;
using Microsoft.AspNetCore.Http;

namespace Baton.Configuration;

/// <summary>
/// Whether the listeners could be bound, or are the running daemon's already. Binding without listen(2) shows it and is felt by
/// nobody; the file of a Unix-domain socket is only looked at.
/// </summary>
/// <param name="settings">What could be read.</param>
/// <param name="findings">Takes what is wrong.</param>
/// <param name="running">Where the daemon that runs with this configuration says it listens; null if none could be asked.</param>
internal sealed class ListenerCheck(Settings settings, Findings findings, IReadOnlyList<string>? running)
{
    private const string AdminAddress = "Baton:Admin:Address";

    private readonly HashSet<string> _ours = [.. (running ?? []).SelectMany(address => new EndpointAddress(BindingAddress.Parse(address)).ListenAddresses)];
    private readonly Lazy<HeldAddresses> _held = new(HeldAddresses.Read);

    public void Run()
    {
        // No public listener, so the running daemon does not name it; who holds it tells.
        if (settings.ToConfiguration()[AdminAddress] is { } text && AdminOptions.ParseAddress(text) is { } admin)
            Check(AdminAddress, admin);
        foreach (var endpoint in settings.ToConfiguration().GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (KestrelValidation.UrlOf(endpoint) is not { } url)
                continue; // Said already.
            foreach (var address in new EndpointAddress(url).EndPoints.Where(address => !_ours.Contains(EndpointAddress.NameOf(address))))
                Check($"{endpoint.Path}:Url", address);
        }
    }

    private void Check(string key, EndPoint address)
    {
        if (address is UnixDomainSocketEndPoint unix)
            CheckUnix(key, unix.ToString());
        else
            CheckTcp(key, (IPEndPoint)address);
    }

    private void CheckTcp(string key, IPEndPoint address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true; // As the server does.
            socket.Bind(address);
        }
        catch (SocketException e)
        {
            switch (e.SocketErrorCode)
            {
                case SocketError.AddressAlreadyInUse:
                    ReportHeld(key, $"{key}: {address}", _held.Value.HoldersOf(address));
                    break;
                case SocketError.AddressNotAvailable:
                    findings.Error(key, $"{key}: {address.Address} is no address of this machine. 'ip address' lists those that are.");
                    break;
                case SocketError.AccessDenied:
                    // Its service manager may give the daemon what this user does not have.
                    findings.Warning(key, $"{key}: this user may not bind port {address.Port.ToString(CultureInfo.InvariantCulture)}; the daemon needs CAP_NET_BIND_SERVICE for it, which the systemd unit as shipped gives.");
                    break;
                default:
                    findings.Error(key, $"{key}: {address} cannot be bound: {e.Message}.");
                    break;
            }
        }
    }

    private void CheckUnix(string key, string path)
    {
        if (_held.Value.HoldersOf(path) is { Count: > 0 } holders)
            ReportHeld(key, $"{key}: {path}", holders);
        else if (SocketPlace.Complaint(path) is { } complaint)
            findings.Error(key, $"{key}: {complaint}");
    }

    private void ReportHeld(string key, string what, IReadOnlyList<AddressHolder> holders)
    {
        if (holders.Any(holder => holder.IsSameAddress && holder.RunsWith(settings.File)))
            return; // A daemon of this configuration that has no admin socket, or whose socket is not for this user.

        if (holders.FirstOrDefault(holder => holder.IsSystemd) is not null)
            findings.Warning(key, $"{what} is held by systemd (pid 1): well if that is for socket activation of baton, as with baton.socket.");
        else if (holders.FirstOrDefault(holder => holder.Pid is not null) is { } known)
            findings.Error(key, $"{what} is in use by another process: {known}. End it, or choose another address.");
        else if (running is null && holders.FirstOrDefault(holder => holder.IsOfOther) is { } other)
            findings.Warning(key, $"{what} is in use by a process of user {other.UserId.ToString(CultureInfo.InvariantCulture)}: well if that is the daemon of this configuration, which did not answer this user. As root or as that user this can be told.");
        else
            findings.Error(key, $"{what} is in use by another process. Find it with: ss -tlnp, as root. End it, or choose another address.");
    }
}
