using System.Threading.Channels;

namespace Baton.Configuration;

/// <summary>
/// Says when a file may have changed. It watches the directory, since a ConfigMap swaps the symlink <c>..data</c> beside
/// the file and editors put a new file in place of the old one; and it asks for a look every two seconds besides, for
/// symlinks that lead elsewhere and for file systems that report nothing (NFS, FUSE).
/// </summary>
internal sealed class FileWatch : IDisposable
{
    /// <summary>How often to look without being told.</summary>
    public static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(2);

    // Editors and deploy scripts write in several steps; what they leave for a tenth of a second they mean.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TimeProvider _time;
    private readonly ITimer _poll;
    private readonly FileSystemWatcher? _watcher;

    public FileWatch(string file, TimeProvider time)
    {
        _time = time;
        _poll = time.CreateTimer(_ => Hint(), null, PollPeriod, PollPeriod);
        try
        {
            _watcher = Watch(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            Unwatched = e.Message; // no inotify instances left, for example: inotify(7), max_user_instances
        }
    }

    /// <summary>Why only the slow look is left; null when the directory is watched.</summary>
    public string? Unwatched { get; }

    /// <summary>Returns when the file may have changed and has been left alone since.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _hints.Reader.ReadAsync(cancellationToken);
        await Task.Delay(Quiet, _time, cancellationToken);
        _hints.Reader.TryRead(out _); // whatever else was said meanwhile is seen by the look that follows
    }

    public void Dispose()
    {
        _poll.Dispose();
        _watcher?.Dispose();
    }

    private void Hint() => _hints.Writer.TryWrite(true);

    private FileSystemWatcher Watch(string directory)
    {
        var watcher = new FileSystemWatcher(directory);
        watcher.Changed += (_, _) => Hint();
        watcher.Created += (_, _) => Hint();
        watcher.Deleted += (_, _) => Hint();
        watcher.Renamed += (_, _) => Hint();
        watcher.Error += (_, _) => Hint(); // lost events are a hint too
        watcher.EnableRaisingEvents = true;
        return watcher;
    }
}
