using System.Diagnostics;
using Baton.Tests.Daemon;

namespace Baton.Tests.Releases;

/// <summary>A directory that stands for the root of a machine: install.sh and upgrade.sh work below it.</summary>
internal sealed class ReleasePrefix : IDisposable
{

    private readonly string _directory = Directory.CreateTempSubdirectory("baton-prefix-").FullName;

    public ReleasePrefix() => Directory.CreateDirectory(Root);

    public string Root => Path.Combine(_directory, "root");

    public string Releases => Path.Combine(Root, "opt/baton/releases");

    public string Configuration => Path.Combine(Root, "etc/baton/baton.json");

    /// <summary>The program as a service unit would start it.</summary>
    public string Program => Path.Combine(Root, "usr/local/bin/baton");

    /// <summary>What the link <c>current</c> leads to, such as releases/0.1.0; null if there is none.</summary>
    public string? Current => new FileInfo(Path.Combine(Root, "opt/baton/current")).LinkTarget;

    /// <summary>The versions that are installed.</summary>
    public IReadOnlyList<string> Versions => Directory.Exists(Releases)
        ? [.. Directory.GetDirectories(Releases).Select(release => Path.GetFileName(release)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Unpacks a real archive and installs it; returns the directory it was unpacked to.</summary>
    public async Task<string> InstallAsync(string archive)
    {
        await ProgramRun.OutputOfAsync(["tar", "-xzf", archive, "-C", _directory]);
        var unpacked = Path.Combine(_directory, Path.GetFileName(archive).Replace(".tar.gz", "", StringComparison.Ordinal));
        await ProgramRun.OutputOfAsync([Path.Combine(unpacked, "install.sh"), "--prefix", Root]);
        return unpacked;
    }

    public Task<ProgramRun> UninstallAsync(params IEnumerable<string> options) =>
        ProgramRun.OfAsync([Path.Combine(RepositoryFiles.Deploy, "install.sh"), "--uninstall", "--prefix", Root, .. options]);

    /// <summary>Runs upgrade.sh, for a daemon if there is one.</summary>
    public Task<ProgramRun> UpgradeAsync(string archive, DaemonProcess? daemon = null, params IEnumerable<string> options) => ProgramRun.OfAsync(
        [Path.Combine(RepositoryFiles.Deploy, "upgrade.sh"), archive, "--prefix", Root, .. daemon is null ? Array.Empty<string>() : ["--config", daemon.ConfigFile], .. options],
        ("XDG_RUNTIME_DIR", daemon?.TemporaryDirectory ?? _directory));

    /// <summary>Starts a daemon from what is installed.</summary>
    public Task<DaemonProcess> StartAsync(ConfigBuilder config) => DaemonProcess.StartAsync(config, new DaemonStart { Command = [Program] });

    /// <summary>A process that runs a release as a draining generation would: nobody asks it for anything.</summary>
    public Process Occupy(string version)
    {
        var program = Path.Combine(Directory.CreateDirectory(Path.Combine(Releases, version)).FullName, "baton");
        ExecutableFile.Copy("/bin/sleep", program);
        return Process.Start(program, "600");
    }

    /// <summary>An archive whose program is a shell script that knows its version and otherwise runs <paramref name="script"/>.</summary>
    /// <param name="version">The version.</param>
    /// <param name="script">With the verb as $1.</param>
    /// <param name="machine">What it claims to be built for.</param>
    /// <param name="spoil">Changes the tree before it is packed; given its directory.</param>
    /// <param name="options">Further arguments of tar.</param>
    public async Task<string> FakeAsync(string version, string script = "exit 0", string machine = "linux-x64", Action<string>? spoil = null, params IEnumerable<string> options)
    {
        var name = $"baton-{version}-{machine}";
        var tree = Directory.CreateDirectory(Path.Combine(_directory, "fakes", name)).FullName;
        foreach (var directory in (string[])["baton", "config/examples", "deploy/systemd", "deploy/completion"])
            Directory.CreateDirectory(Path.Combine(tree, directory));
        foreach (var file in (string[])["install.sh", "upgrade.sh", "systemd/baton.service", "completion/baton"])
            File.Copy(Path.Combine(RepositoryFiles.Deploy, file), Path.Combine(tree, file.Contains('/', StringComparison.Ordinal) ? "deploy" : "", file));
        foreach (var file in (string[])["baton.json", "baton.schema.json", "README.md", "examples/one-backend.json"])
            File.Copy(Path.Combine(RepositoryFiles.Config, file), Path.Combine(tree, "config", file));
        foreach (var file in (string[])["LICENSE", "CHANGELOG.md"])
            File.WriteAllText(Path.Combine(tree, file), "");
        var program = Path.Combine(tree, "baton/baton");
        File.WriteAllText(program, $"#!/bin/sh\nif [ \"$1\" = version ]; then echo 'baton {version}'; exit 0; fi\n{script}\n");
        File.SetUnixFileMode(program, File.GetUnixFileMode("/bin/sh"));
        spoil?.Invoke(tree);
        var archive = Path.Combine(_directory, name + ".tar.gz");
        await ProgramRun.OutputOfAsync(["tar", "-C", Path.GetDirectoryName(tree)!, .. options, "-czPf", archive, name]);
        return archive;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
