using System.Runtime.InteropServices;
using Baton.Tests.Configuration;

namespace Baton.Tests.Daemon;

/// <summary>
/// A program as it is installed: <c>current/baton</c>, where <c>current</c> is a symlink to a release that can be switched
/// under the running daemon, to another build or to a script that misbehaves in its place.
/// </summary>
public sealed partial class InstalledProgram : IDisposable
{
    /// <summary>In scripts: the variable that holds the number of the ready pipe.</summary>
    public const string ReadyPipe = "ready=${BATON_HANDOVER#* }; ready=${ready%% *}\n";

    private readonly List<Gate> _gates = [];
    private readonly string _root = Directory.CreateTempSubdirectory("baton-installed-").FullName;
    private int _scripts;

    /// <param name="release">The directory of the release, with an executable called baton. Default: the one that the tests run.</param>
    public InstalledProgram(string? release = null)
    {
        Release = release ?? Path.GetDirectoryName(DaemonExecutable.Command.Single())!;
        PointToRelease();
    }

    /// <summary>The directory that holds <c>current</c>, and whatever else a script needs.</summary>
    public string Root => _root;

    public string Release { get; }

    /// <summary>The command, absolute and by the symlink.</summary>
    public string Command => Path.Combine(_root, "current", "baton");

    /// <summary>The command of a script that becomes the real daemon, with what it was started with.</summary>
    public string Exec => $"exec -a \"$0\" \"{Release}/baton\" \"$@\"";

    /// <summary>Points the symlink to the release again.</summary>
    public void PointToRelease() => PointTo(Release);

    /// <summary>Points the symlink to a directory, by rename, as a deployment does.</summary>
    public void PointTo(string directory)
    {
        var link = Path.Combine(_root, "current");
        var draft = link + ".new";
        File.CreateSymbolicLink(draft, directory);
        // File.Move refuses what leads to a directory.
        if (Rename(draft, link) != 0)
            throw new IOException($"rename {draft} {link}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Puts a file in the place of the executable.</summary>
    public void PointToFile(string content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_root, $"script-{++_scripts}")).FullName;
        var file = Path.Combine(directory, "baton");
        File.WriteAllText(file + ".draft", content);
        ExecutableFile.Copy(file + ".draft", file);
        File.SetUnixFileMode(file, mode);
        PointTo(directory);
    }

    /// <summary>Puts a bash script in the place of the executable.</summary>
    public void PointToScript(string script) => PointToFile($"#!/bin/bash\n{script.ReplaceLineEndings("\n")}\n");

    /// <summary>
    /// A script that does something first and then becomes the real daemon, with its pid, its descriptors and the command it
    /// was started with.
    /// </summary>
    public void PointToReleaseAfter(string script) => PointToScript($"{script}\n{Exec}");

    /// <summary>The real daemon, with more arguments than it was started with.</summary>
    public void PointToReleaseWith(string arguments) => PointToScript($"{Exec} {arguments}");

    /// <summary>The real daemon, held before its first instruction until the gate is opened.</summary>
    public Gate PointToHeldRelease()
    {
        var gate = new Gate(Path.Combine(_root, $"gate-{++_scripts}"));
        _gates.Add(gate);
        PointToReleaseAfter(gate.Wait);
        return gate;
    }

    /// <summary>
    /// Points the symlink to the release again, and opens the gate. Not before the held one stands there: a shell opens its script
    /// by the same name as the kernel that has started it, a moment later.
    /// </summary>
    public async Task ReleaseAsync(Gate gate)
    {
        await gate.ReachedAsync();
        PointToRelease();
        gate.Open();
    }

    public void Dispose()
    {
        _gates.ForEach(gate => gate.Dispose());
        Directory.Delete(_root, recursive: true);
    }

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);

    /// <summary>A fifo that a script reads a line from; fifo(7).</summary>
    public sealed partial class Gate : IDisposable
    {
        private readonly string _path;
        private FileStream? _opened;

        internal Gate(string path)
        {
            _path = path;
            if (MkFifo(path, 0x180) != 0) // 0600
                throw new IOException($"mkfifo {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        /// <summary>The line of a script that waits.</summary>
        public string Wait => $"(: > \"{Reached}\"); read -r _ < \"{_path}\"";

        private string Reached => $"{_path}.reached";

        /// <summary>Waits until the script stands at the gate.</summary>
        public Task ReachedAsync() => Eventually.Holds(() => File.Exists(Reached), "a script stands at its gate");

        /// <summary>Lets the script go on, now or as soon as it comes to the gate.</summary>
        public void Open()
        {
            // For reading, too: the open waits for nobody, and the line stays in the fifo until somebody comes.
            _opened = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            _opened.Write("go\n"u8);
        }

        public void Dispose() => _opened?.Dispose();

        [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        private static partial int MkFifo(string path, uint mode);
    }
}
