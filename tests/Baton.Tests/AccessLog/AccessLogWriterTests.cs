using System.Globalization;
using System.Text;
using Baton.AccessLog;
using Baton.Handover;
using Baton.Tests.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Baton.Tests.AccessLog;

/// <summary>The thread between the requests and the file.</summary>
public sealed class AccessLogWriterTests : IDisposable
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("baton-test-");
    private readonly LogRecorder _log = new();
    private readonly LoggerFactory _loggers;

    public AccessLogWriterTests() => _loggers = new LoggerFactory([_log]);

    private string FilePath => Path.Combine(_directory.FullName, "access.log");

    public void Dispose()
    {
        _loggers.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void At_the_end_everything_is_in_the_file()
    {
        using (var writer = Create(FilePath))
        {
            for (var number = 0; number < 100; number++)
                writer.Queue.Add(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"line {number}\n")));
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(number => $"line {number}"), File.ReadAllLines(FilePath));
    }

    [Fact]
    public void Two_that_write_to_one_file_tear_no_line()
    {
        const int Lines = 20_000;
        using (var one = Create(FilePath))
        using (var two = Create(FilePath))
        {
            Parallel.Invoke(() => Fill(one, 'a'), () => Fill(two, 'b'));
        }

        var lines = File.ReadAllLines(FilePath);
        Assert.Equal((Lines, Lines), (lines.Count(line => line == new string('a', 99)), lines.Count(line => line == new string('b', 99))));

        static void Fill(AccessLogWriter writer, char letter)
        {
            var line = Encoding.ASCII.GetBytes(new string(letter, 99) + "\n");
            for (var count = 0; count < Lines; count++)
                writer.Queue.Add(line);
        }
    }

    [Fact]
    public void What_cannot_be_written_is_counted_and_said_once()
    {
        using var writer = Create("/dev/full");
        writer.Queue.Add("one\ntwo\n"u8);
        writer.Dispose();
        Assert.Equal(2, writer.Lost);
        Assert.Contains("The access log cannot be written to: No space left on device", Assert.Single(_log.Texts(3401)), StringComparison.Ordinal);
    }

    private AccessLogWriter Create(string path) =>
        new(new LineQueue(100_000), AppendedFile.Open(path, Mode), () => AppendedFile.Open(path, Mode), TimeProvider.System, _loggers.CreateLogger<AccessLogWriter>());
}
