using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Baton.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Features;

/// <summary>The endpoints: Kestrel, as the section <c>Kestrel</c> says, with the defaults of a proxy.</summary>
internal static class Listening
{
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Baton.csproj keeps the assembly of the options.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "None of the options is a list or a dictionary of values.")]
    public static void AddListening(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(SectionNames.Kestrel);
        if (EndpointCertificates.TlsEndpoints(section).Any())
            _ = Task.Run(ReadSystemCertificates);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();

        // Unsafe are handlers that block while they read a body; of those there are none here, where all that answers is YARP
        // and asynchronous code of ours. The access log is written by a thread of its own.
        builder.Services.Configure<SocketTransportOptions>(transport => transport.UnsafePreferInlineScheduling = true);
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;

            // How large and how slow a body may be is for the destination to say; a proxy that cuts uploads at 30 MB or
            // at less than 240 bytes a second breaks applications that work without it.
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MinRequestBodyDataRate = null;
            options.Limits.MinResponseDataRate = null;

            // A listener cannot follow the file: changes of this section come with the next generation.
            options.Configure(section, reloadOnChange: false);
        });

        // Kestrel's own reader takes endpoints and certificates; this takes Limits and what else the section sets.
        builder.Services.Configure<KestrelServerOptions>(section);
    }

    // The server looks for the issuers of its certificates among those of the system. Reading these takes a quarter of a start;
    // they are kept, so it is done beside all else.
    private static void ReadSystemCertificates()
    {
        try
        {
            using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
            foreach (var certificate in store.Certificates)
                certificate.Dispose();
        }
        catch (CryptographicException)
        {
            // Whoever needs them says so.
        }
    }
}
