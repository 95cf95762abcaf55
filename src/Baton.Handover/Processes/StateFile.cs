using Baton.Handover.Native;
using Microsoft.Win32.SafeHandles;

namespace Baton.Handover.Processes;

/// <summary>What a generation knows, as a file in memory that its successor is given: as large as it needs to be, up to a bound.</summary>
internal static class StateFile
{
    /// <summary>The most that is written, and the most that is believed.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <exception cref="HandoverException">There is no descriptor or no memory for it.</exception>
    public static DescriptorHandle Write(ReadOnlySpan<byte> state)
    {
        var file = AnonymousFile.Create("baton-state");
        try
        {
            using (var open = Open(file))
                RandomAccess.Write(open, state, fileOffset: 0);
            AnonymousFile.Seal(file);
            return file;
        }
        catch (IOException e)
        {
            file.Dispose();
            throw new HandoverException($"Writing {state.Length} bytes to a file in memory failed: {e.Message}.", e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What is in it; null if that is too much, or it is no file at all. By offset: whoever wrote it shares its position.
    /// </summary>
    public static byte[]? Read(DescriptorHandle file)
    {
        try
        {
            using var open = Open(file);
            if (RandomAccess.GetLength(open) is not (> 0 and <= MaxBytes and var length))
                return null;
            var state = new byte[length];
            var count = 0;
            while (count < state.Length && RandomAccess.Read(open, state.AsSpan(count), count) is > 0 and var read)
                count += read;
            return count == state.Length ? state : null;
        }
        catch (Exception e) when (e is IOException or NotSupportedException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static SafeFileHandle Open(DescriptorHandle file) => new(file.Fd, ownsHandle: false);
}
