using Baton.AccessLog;
using Baton.Configuration;
using Baton.Handover;
using Baton.Logs;
using Baton.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Baton.Features;

/// <summary>The access log: a line for each request, as the section <c>Baton:AccessLog</c> says.</summary>
internal static class AccessLogging
{
    // The addresses and paths of clients are for the owner, and for a group that may read them.
    private const UnixFileMode NewFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    /// <exception cref="ConfigurationException">The file cannot be opened.</exception>
    public static void AddAccessLog(this WebApplicationBuilder builder, int generation, LoadedConfiguration configuration)
    {
        var options = configuration.Options.AccessLog;
        if (options.Path is not { } path)
            return;

        // Here and not at the first line: a successor that could not write is not to take over.
        var file = OpenFirst(path, configuration);
        builder.Services.AddSingleton(provider => new AccessLogWriter(
            new LineQueue(options.QueueSize),
            file,
            () => Open(path),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AccessLogWriter>>()));
        builder.Services.AddSingleton<IReopenable>(provider => provider.GetRequiredService<AccessLogWriter>());
        builder.Services.AddSingleton<IRequestObserver>(provider => new AccessLogObserver(
            new LogFormat(options.Format, new LogFields(options, generation, provider.GetRequiredService<TimeProvider>().LocalTimeZone)),
            provider.GetRequiredService<AccessLogWriter>().Queue));
    }

    private static AppendedFile OpenFirst(string path, LoadedConfiguration configuration)
    {
        try
        {
            return Open(path);
        }
        catch (HandoverException e)
        {
            const string Key = "Baton:AccessLog:Path";
            throw new ConfigurationException([new ConfigurationError(configuration.Settings.OriginOf(Key), $"{Key}: {e.Message}")]);
        }
    }

    private static AppendedFile Open(string path) =>
        path == AccessLogOptions.StandardOutput ? AppendedFile.OfStandardOutput() : AppendedFile.Open(path, NewFile);
}
