using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Baton.Cli;

/// <summary>Standard output that says when its reader is gone, which the console's own stream keeps to itself: who writes for ever must know.</summary>
internal sealed class WatchedPipe : IDisposable
{
    private const int StandardOutput = 1;

    private readonly FileStream _stream;

    private WatchedPipe(SafeFileHandle handle) => _stream = new FileStream(handle, FileAccess.Write, bufferSize: 0);

    public static WatchedPipe OfOutput() => new(new SafeFileHandle(StandardOutput, ownsHandle: false));

    /// <returns>False if nobody reads any more.</returns>
    public bool TryWrite(IEnumerable<string> lines)
    {
        try
        {
            _stream.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{line}\n"))));
            return true;
        }
        catch (IOException)
        {
            return false; // EPIPE; write(2).
        }
    }

    public void Dispose() => _stream.Dispose();
}
