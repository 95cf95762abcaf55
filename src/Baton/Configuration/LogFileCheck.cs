using Baton.AccessLog;
using Baton.Handover.Sockets;
using Microsoft.Extensions.Configuration;

namespace Baton.Configuration;

/// <summary>Whether the files of the log and of the access log could be written by this user. Nothing is created or changed for it.</summary>
internal static class LogFileCheck
{
    private const string Sink = "File";
    private const string AccessLogPath = "Baton:AccessLog:Path";

    public static void Check(IConfiguration configuration, Findings findings)
    {
        foreach (var sink in Below(configuration.GetSection(SectionNames.Serilog)).Where(section => Sink.Equals(section["Name"], StringComparison.OrdinalIgnoreCase)))
        {
            var path = sink.GetSection("Args:path");
            if (path.Value is { Length: > 0 } text && Complaint(Path.GetFullPath(Environment.ExpandEnvironmentVariables(text)), IsRolling(sink)) is { } complaint)
                findings.Error(path.Path, $"{path.Path}: {complaint}");
        }

        if (configuration[AccessLogPath] is { Length: > 0 } log and not AccessLogOptions.StandardOutput && ComplaintOfAccessLog(Path.GetFullPath(log)) is { } other)
            findings.Error(AccessLogPath, $"{AccessLogPath}: {other}");
    }

    // It makes no directories.
    private static string? ComplaintOfAccessLog(string file) =>
        Path.GetDirectoryName(file) is { } directory && !Directory.Exists(directory)
            ? $"{file} cannot be written: there is no directory {directory}. Create it."
            : Complaint(file, isRolling: false);

    // Sinks may stand in others, such as Logger.
    private static IEnumerable<IConfigurationSection> Below(IConfigurationSection section) =>
        section.GetChildren().SelectMany(child => Below(child).Prepend(child));

    // The name of the file gets a date then.
    private static bool IsRolling(IConfigurationSection sink) =>
        sink["Args:rollingInterval"] is { Length: > 0 } interval && !interval.EndsWith("Infinite", StringComparison.OrdinalIgnoreCase);

    private static string? Complaint(string file, bool isRolling)
    {
        if (Directory.Exists(file))
            return $"{file} is a directory, but this must be a file.";
        if (!isRolling && File.Exists(file))
            return CannotBeOpened(file);

        // Missing directories are made by the sink.
        var directory = Path.GetDirectoryName(file)!;
        while (!Path.Exists(directory))
            directory = Path.GetDirectoryName(directory)!;
        if (!Directory.Exists(directory))
            return $"{file} cannot be written: {directory} is no directory.";
        return DirectoryAccess.MayCreateIn(directory) ? null : $"{file} cannot be written: this user may not create files in {directory}. Is it the user of the daemon?";
    }

    private static string? CannotBeOpened(string file)
    {
        try
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{file} cannot be written: {e.Message} Is this the user of the daemon?";
        }
    }
}
