using Baton.Admin;
using Baton.Configuration;
using Baton.Handover;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Baton.Features;

/// <summary>Once the listeners are bound, tells whoever started the program what it does and how to steer it.</summary>
internal static class Banner
{
    public static void UseBanner(this WebApplication app, Generation generation, string file) =>
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            try
            {
                Console.Out.WriteLine(Text(app.Services, generation, file));
            }
            catch (IOException)
            {
                // The terminal is gone, and with it whoever would read this.
            }
        });

    private static string Text(IServiceProvider services, Generation generation, string file)
    {
        var admin = services.GetRequiredService<AdminListeners>();
        // Who stays the same process while generations come and go.
        var constant = generation.ConstantPid ?? generation.Pid;
        return $"""
            baton {generation.Version}, generation {generation.Number}, pid {generation.Pid}, with {file}
            {Lines("listening on", admin.PublicAddresses(services.GetRequiredService<IServer>()))}
            {Lines("sending", Routes(services.GetRequiredService<IProxyStateLookup>()))}
              to upgrade   kill -HUP {constant}
                           {(admin.Socket.Path is { } path ? $"baton upgrade --socket {path}" : "there is no admin socket")}{(admin.Tcp is null ? "" : $"{Environment.NewLine}  to watch     http://{admin.Tcp}")}
              to stop      kill -TERM {constant}
            """;
    }

    private static string Lines(string what, IEnumerable<string> values) =>
        string.Join(Environment.NewLine, values.Select(value => $"  {what,-12} {value}"));

    private static List<string> Routes(IProxyStateLookup proxy)
    {
        var routes = proxy.GetRoutes().OrderBy(route => route.Config.RouteId, StringComparer.OrdinalIgnoreCase).Select(Route).ToList();
        return routes.Count > 0 ? routes : ["everything → the built-in demo page (no route is configured)"];
    }

    private static string Route(RouteModel route)
    {
        var destinations = route.Cluster?.DestinationsState.AllDestinations.Select(destination => SecretMask.InText(destination.Model.Config.Address)).ToList() ?? [];
        return $"{Match(route.Config.Match)} → {route.Config.ClusterId}: {(destinations.Count > 0 ? string.Join(", ", destinations) : "no destination")}";
    }

    private static string Match(RouteMatch match) =>
        $"{(match.Methods is { Count: > 0 } methods ? string.Join('|', methods) + " " : "")}{string.Join('|', match.Hosts ?? [])}{match.Path ?? "/**"}";
}
