using Baton.Handover.Native;

namespace Baton.Handover;

/// <summary>
/// A file that several processes append whole lines to, as two generations do during an upgrade: every batch of lines is one
/// write(2) to the end (O_APPEND), so that no line is torn. Not for two threads at once.
/// </summary>
public sealed class AppendedFile : IDisposable
{
    // What a pipe takes in one piece, whoever else writes; pipe(7), PIPE_BUF. A longer line may be torn there.
    private const int WholeInPipe = 4096;
    private const int StandardOutputFd = 1;
    private const int BeyondStandard = 3;

    private readonly DescriptorHandle _file;
    private readonly bool _isOnDisk;

    private AppendedFile(DescriptorHandle file)
    {
        _file = file;
        _isOnDisk = AppendCalls.HasPosition(file);
    }

    /// <summary>Opens the file at its end, and creates it if it is not there.</summary>
    /// <param name="path">A file, a FIFO that somebody reads from, or a device.</param>
    /// <param name="mode">Permission bits of a new file, less those of the process's umask.</param>
    /// <exception cref="HandoverException">It cannot be opened.</exception>
    public static AppendedFile Open(string path, UnixFileMode mode) => new(AppendCalls.Open(path, mode));

    /// <summary>The standard output, for lines that share it with a log.</summary>
    public static AppendedFile OfStandardOutput() => new(DescriptorHandle.Duplicate(StandardOutputFd, BeyondStandard));

    /// <summary>Appends lines; waits for a pipe that is full.</summary>
    /// <param name="lines">Each with its newline.</param>
    /// <returns>How many bytes were written, and why not all of them; null if they were.</returns>
    public (int Written, string? Failure) Append(ReadOnlySpan<byte> lines)
    {
        var written = 0;
        while (written < lines.Length)
        {
            var (count, errno) = AppendCalls.Write(_file, Piece(lines[written..]));
            if (errno != 0)
                return (written, Errno.InWords(errno));
            written += count; // Less than asked for only where the disk is full, which the next write says.
        }

        return (written, null);
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();

    private ReadOnlySpan<byte> Piece(ReadOnlySpan<byte> lines)
    {
        if (_isOnDisk || lines.Length <= WholeInPipe)
            return lines;
        var end = lines[..WholeInPipe].LastIndexOf((byte)'\n');
        if (end < 0)
            end = lines.IndexOf((byte)'\n');
        return end < 0 ? lines : lines[..(end + 1)];
    }
}
