using System.Globalization;
using Baton.Configuration;
using Serilog.Events;

namespace Baton.Logs;

/// <summary>Whether what is written goes to systemd's journal, and with which priority; sd-daemon(3), JOURNAL_STREAM in systemd.exec(5).</summary>
internal static class Journal
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    public static bool IsOutput => IsStream(StandardOutput);

    /// <summary>Lets what is written to standard error have the priority of an error.</summary>
    public static void MarkErrors()
    {
        if (IsStream(StandardError))
            Console.SetError(new JournalWriter(Console.Error, () => PriorityOf(LogEventLevel.Error)));
    }

    /// <summary>As in syslog(3).</summary>
    public static int PriorityOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal => 2,
        LogEventLevel.Error => 3,
        LogEventLevel.Warning => 4,
        LogEventLevel.Information => 6,
        _ => 7,
    };

    // DEVICE:INODE of the stream that systemd has connected; the device is the same for all sockets; sockfs, proc(5).
    private static bool IsStream(int fd)
    {
        if (ProcessEnvironment.Get("JOURNAL_STREAM")?.Split(':') is not [_, var inode])
            return false;
        try
        {
            return new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{fd}")).LinkTarget == $"socket:[{inode}]";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
