using Baton.Admin;
using Baton.Configuration;
using Baton.Handover;
using Baton.Logs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Baton.Features;

/// <summary>Once the listeners are bound, tells whoever started the program what it does and how to steer it.</summary>
internal static partial class Banner
{
    public static void UseBanner(this WebApplication app, Generation generation, string file)
    {
        if (generation.IsRehearsal)
            return; // It will not do what it would say.
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            // Nobody is there to be told how to steer it, and what parses the lines would stumble.
            if (JsonLine.IsOutput(app.Configuration))
                Listening(app.Logger, generation.Version, string.Join(", ", Addresses(app.Services)), file);
            else
                Show(Text(app.Services, generation, file));
        });
    }

    private static void Show(string text)
    {
        try
        {
            Console.Out.WriteLine(text);
        }
        catch (IOException)
        {
            // The terminal is gone, and with it whoever would read this.
        }
    }

    private static IEnumerable<string> Addresses(IServiceProvider services) =>
        services.GetRequiredService<AdminListeners>().PublicAddresses(services.GetRequiredService<IServer>());

    private static string Text(IServiceProvider services, Generation generation, string file)
    {
        var admin = services.GetRequiredService<AdminListeners>();
        // Who stays the same process while generations come and go.
        var constant = generation.ConstantPid ?? generation.Pid;
        return $"""
            baton {generation.Version}, generation {generation.Number}, pid {generation.Pid}, with {file}
            {Lines("listening on", Addresses(services))}
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

    [LoggerMessage(3310, LogLevel.Information, "baton {Version} is listening on {Addresses}, with {File}")]
    private static partial void Listening(ILogger log, string version, string addresses, string file);
}
