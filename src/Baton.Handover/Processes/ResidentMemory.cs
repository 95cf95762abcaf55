using System.Runtime.InteropServices;
using Baton.Handover.Native;

namespace Baton.Handover.Processes;

/// <summary>
/// Makes a process small once it has started: the code that its start has run stays mapped into it, most of its resident memory,
/// until somebody lets go of it.
/// </summary>
internal static class ResidentMemory
{
    /// <summary>After a start, or an upgrade: what is needed from then on is in use, and there is nothing else to do for long.</summary>
    public static readonly TimeSpan UntilSettled = TimeSpan.FromSeconds(2);

    // Several times as much as a process with all assemblies of a release has mappings for; what is not used is not there.
    private const int MostBytes = 8 * 1024 * 1024;

    /// <summary>Unmaps the pages that are an unchanged part of a file; those that are needed come back by themselves.</summary>
    public static unsafe void Trim()
    {
        var text = (byte*)NativeMemory.Alloc(MostBytes);
        try
        {
            LetGo(Read(new Span<byte>(text, MostBytes)));
        }
        catch (IOException)
        {
            // No /proc: it stays as it is.
        }
        finally
        {
            NativeMemory.Free(text);
        }
    }

    private static ReadOnlySpan<byte> Read(Span<byte> text)
    {
        using var file = new FileStream("/proc/self/smaps", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var length = 0;
        while (length < text.Length && file.Read(text[length..]) is > 0 and var count)
            length += count;
        return text[..length];
    }

    // proc(5), /proc/pid/smaps: a line "start-end perms offset device inode path" for each mapping, then its figures. One method
    // without calls on purpose: what is called often is compiled anew in the background, which would bring the compiler back.
    private static void LetGo(ReadOnlySpan<byte> text)
    {
        nint start = 0, end = 0;
        for (var at = 0; at < text.Length;)
        {
            var line = at;
            while (at < text.Length && text[at] != '\n')
                at++;
            var length = at++ - line;
            if (text[line] is >= (byte)'0' and <= (byte)'9' or >= (byte)'a' and <= (byte)'f')
            {
                var next = line;
                (start, end) = (0, 0);
                for (; text[next] != '-'; next++)
                    start = start * 16 + (text[next] <= '9' ? text[next] - '0' : text[next] - 'a' + 10);
                for (next++; text[next] != ' '; next++)
                    end = end * 16 + (text[next] <= '9' ? text[next] - '0' : text[next] - 'a' + 10);

                // "r-xp", "r--s": not writable; and at the end a file, "  /usr/lib/…": its path is absolute.
                var isFile = false;
                for (var character = next; character < line + length; character++)
                    isFile |= text[character] == '/';
                if (text[next + 2] != '-' || !isFile)
                    start = 0;
            }
            else if (start != 0 && length > 10 && text[line] == 'A' && text[line + 4] == 'y')
            {
                // "Anonymous:  0 kB". Pages that were written to, such as those that were relocated, are in no file.
                if (text[line + length - 4] == '0' && text[line + length - 5] == ' ')
                    MemoryCalls.LetGo(start, end);
                start = 0;
            }
        }
    }
}
