using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Baton.Configuration;

/// <summary><c>Kestrel:EndpointDefaults</c>: what holds for every endpoint that does not say otherwise.</summary>
internal record KestrelEndpointDefaults
{
    public HttpProtocols? Protocols { get; init; }

    public SslProtocols? SslProtocols { get; init; }

    public ClientCertificateMode? ClientCertificateMode { get; init; }
}
