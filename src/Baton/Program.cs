// The daemon's table of contents: what happens from the command line to the last request, in order.
using Baton.Cli;
using Baton.Configuration;
using Baton.Features;
using Baton.Handover;
using Baton.Handover.Hosting;
using Baton.Init;
using Baton.Systemd;
using Microsoft.AspNetCore.Builder;

return Front.IsWanted(args) ? Front.Run() : await CommandLine.RunAsync(args, Serve);

static async Task Serve(RunArguments arguments)
{
    using var generation = Generation.Begin(ProgramVersion.Text);
    try
    {
        // Load: every source, in order; nothing is built on a configuration that is not valid as a whole.
        var loader = new ConfigurationLoader(
            ConfigurationFile.Find(arguments.Config),
            ProcessEnvironment.WithPrefix(SettingSources.EnvironmentPrefix),
            arguments.Overrides);
        var configuration = await loader.LoadAsync();

        // Build: an empty builder, since its default sources, signals and log would be in the way of ours.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "baton",
            ContentRootPath = Path.GetDirectoryName(loader.File), // certificates are named relative to the configuration
        });
        builder.AddConfiguration(loader, configuration);
        builder.AddSerilog(generation.Number);
        builder.AddListening();
        builder.AddHandover(generation, configuration.Options);
        builder.Services.AddReporting();
        builder.AddAdmin(generation, configuration);
        builder.Services.AddStatusPage();
        builder.Services.AddCanaries();
        builder.Services.AddMeasuring(configuration.Options.Metrics);
        builder.Services.AddTelemetry(generation, configuration.Options.Telemetry);
        builder.AddSystemd(generation, configuration);
        builder.AddProxying(configuration.Proxy);
        builder.Services.AddCookieAffinity();
        builder.Services.AddTunneling();
        builder.Services.AddObservation();
        builder.AddAccessLog(generation.Number, configuration);
        builder.Services.AddHealthKeeping();
        builder.Services.AddWarmUp();
        await using var app = builder.Build();

        // Serve: the order of a request.
        app.UseLogReopening(generation);
        app.UseTelemetry();
        app.UseSystemd();
        app.UseAdmin();
        app.UseCanaries();
        app.UseRouting();
        app.UseHandover();
        app.UseObservation();
        app.UseDemo(generation);
        app.UseProxying(configuration.Options.Retries);
        app.UseBanner(generation, loader.File);
        await app.RunAsync();
    }
    catch (OperationCanceledException) when (generation.StopRequested.IsCancellationRequested)
    {
        // Asked to end while it started.
    }
    catch (Exception e)
    {
        generation.Fail(FailureText.Of(e) ?? [e.ToString()]);
        throw;
    }
}
