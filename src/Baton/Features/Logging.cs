using System.Text;
using Baton.Configuration;
using Baton.Handover;
using Baton.Logs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Settings.Configuration;

namespace Baton.Features;

/// <summary>The log: Serilog, as the section <c>Serilog</c> says.</summary>
internal static class Logging
{
    private const int LongestLine = 64 * 1024;

    /// <param name="builder">The application.</param>
    /// <param name="generation">The number of this generation: two write into one log during an upgrade.</param>
    /// <exception cref="ConfigurationException">Serilog cannot use its section, or cannot open a sink.</exception>
    public static void AddSerilog(this WebApplicationBuilder builder, int generation)
    {
        // During an upgrade two generations write to one output: a line must be one write(2), or it is torn; pipe(7), PIPE_BUF.
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), LongestLine) { AutoFlush = true };
        Console.SetOut(Journal.IsOutput ? new JournalWriter(output, JournalPriority.Take) : output);

        var provider = new ReopenableProvider(() => Create(builder.Configuration, generation), TimeProvider.System);
        builder.Logging.SetMinimumLevel(LogLevel.Trace); // Serilog alone decides what is worth writing
        builder.Services.AddSingleton<ILoggerProvider>(provider);
        builder.Services.AddSingleton<IReopenable>(provider);
    }

    /// <summary>Opens the log files anew on SIGUSR1, as logrotate's postrotate asks for.</summary>
    public static void UseLogReopening(this WebApplication app, Generation generation)
    {
        var files = app.Services.GetServices<IReopenable>().ToList();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<ReopenableProvider>();
        generation.LogReopening = () =>
        {
            var troubles = files.ConvertAll(Trouble).OfType<string>().ToList();
            if (troubles.Count > 0)
                log.NotReopened(string.Join(" ", troubles));
            else
                log.Reopened();
        };
    }

    private static string? Trouble(IReopenable files)
    {
        try
        {
            files.Reopen();
            return null;
        }
        catch (ConfigurationException e)
        {
            return string.Join(" ", e.Errors);
        }
        catch (HandoverException e)
        {
            return e.Message;
        }
    }

    private static Serilog.Core.Logger Create(IConfiguration configuration, int generation)
    {
        // Serilog tells its troubles only to its SelfLog: a sink that cannot be opened would be missing in silence.
        var complaints = new List<string>();
        SelfLog.Enable(complaints.Add);
        Serilog.Core.Logger? logger = null;
        try
        {
            var options = new ConfigurationReaderOptions(SerilogValidation.SinkAssemblies) { SectionName = SectionNames.Serilog };
            logger = new LoggerConfiguration()
                .ReadFrom.Configuration(configuration, options)
                .Enrich.WithProperty(JsonLine.Generation, generation)
                .Enrich.WithProperty(JsonLine.Pid, Environment.ProcessId)
                .Enrich.With(Journal.IsOutput ? [new JournalPriority()] : [])
                .Filter.ByExcluding(IsFailedStart)
                .CreateLogger();
        }
        catch (Exception e) when (e is not OutOfMemoryException) // it throws whatever a sink's constructor throws
        {
            complaints.Add(e.InnerException?.Message ?? e.Message);
        }
        finally
        {
            // From here on troubles such as a full disk go where systemd and a terminal see them.
            SelfLog.Enable(Complain);
        }

        if (complaints.Count == 0 && logger is not null)
            return logger;
        logger?.Dispose();
        throw new ConfigurationException([.. complaints.Select(text => new ConfigurationError(SectionNames.Serilog, text))]);
    }

    private static void Complain(string text)
    {
        try
        {
            Console.Error.WriteLine(text);
        }
        catch (IOException)
        {
            // The terminal is gone, and with it whoever would read this.
        }
    }

    // The host logs why a start failed, with forty lines of stack; the command line says the same in one.
    private static bool IsFailedStart(LogEvent one) =>
        one.Properties.GetValueOrDefault("SourceContext") is ScalarValue { Value: "Microsoft.Extensions.Hosting.Internal.Host" }
        && one.MessageTemplate.Text == "Hosting failed to start";
}
