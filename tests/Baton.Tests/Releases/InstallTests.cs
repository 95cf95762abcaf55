using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Releases;

/// <summary>deploy/install.sh, from the unpacked archive.</summary>
public sealed class InstallTests(ReleaseArchive archive)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Installed_twice_nothing_changes_and_the_configuration_is_kept()
    {
        using var prefix = new ReleasePrefix();
        var unpacked = await prefix.InstallAsync(await archive.PathAsync());
        var version = Assert.Single(prefix.Versions);
        Assert.Equal($"releases/{version}", prefix.Current);
        Assert.Equal($"baton {version}\n", await ProgramRun.OutputOfAsync([prefix.Program, "version"]));
        Assert.Equal(RepositoryFiles.Read("baton.json"), await File.ReadAllTextAsync(prefix.Configuration, Token));
        Assert.True(File.Exists(Path.Combine(prefix.Root, "etc/systemd/system/baton.service")));
        var completed = await ProgramRun.OutputOfAsync(
            ["bash", "--norc", "-c", $"PATH={Path.GetDirectoryName(prefix.Program)}:$PATH; . {prefix.Root}/usr/local/share/bash-completion/completions/baton; COMP_WORDS=(baton upgr); COMP_CWORD=1; _baton; echo \"${{COMPREPLY[@]}}\""]);
        Assert.Equal("upgrade\n", completed);

        await File.WriteAllTextAsync(prefix.Configuration, "{}", Token);
        var schema = Path.Combine(prefix.Root, "etc/baton/baton.schema.json");
        await File.WriteAllTextAsync(schema, "of an older release", Token);
        var before = Written(prefix);
        var again = await ProgramRun.OfAsync([Path.Combine(unpacked, "install.sh"), "--prefix", prefix.Root]);

        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Contains("kept as it was", again.Output, StringComparison.Ordinal);
        Assert.Equal("{}", await File.ReadAllTextAsync(prefix.Configuration, Token));
        Assert.Equal(RepositoryFiles.Read("baton.schema.json"), await File.ReadAllTextAsync(schema, Token));
        Assert.Equal(before, Written(prefix));
    }

    [Fact]
    public async Task Another_build_under_the_same_version_is_refused()
    {
        using var prefix = new ReleasePrefix();
        Assert.Equal(0, (await prefix.UpgradeAsync(await prefix.FakeAsync("1.0.0"))).ExitCode);
        using var other = new ReleasePrefix();
        var run = await prefix.UpgradeAsync(await other.FakeAsync("1.0.0", "exit 0 # another"));

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains("releases/1.0.0 exists and is not what is in this archive", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uninstall_refuses_while_a_daemon_runs_and_then_leaves_the_configuration_alone()
    {
        using var prefix = new ReleasePrefix();
        await prefix.InstallAsync(await archive.PathAsync());
        await using (var daemon = await prefix.StartAsync(new ConfigBuilder().Listen()))
        {
            var refused = await prefix.UninstallAsync();

            Assert.True(refused.ExitCode == 1, refused.ToString());
            Assert.Contains($"Nothing was removed: a daemon runs from {prefix.Releases} (pid {daemon.FirstPid}). Stop it with: kill -TERM {daemon.FirstPid}", refused.Errors, StringComparison.Ordinal);
            Assert.NotNull(prefix.Current);
        }

        var removed = await prefix.UninstallAsync();

        Assert.True(removed.ExitCode == 0, removed.ToString());
        Assert.Equal(
            ["README.md", "baton.json", "baton.schema.json"],
            Directory.GetFiles(prefix.Root, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/examples/", StringComparison.Ordinal)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(prefix.Root, "opt/baton")));

        Assert.Equal(0, (await prefix.UninstallAsync("--purge")).ExitCode);
        Assert.Empty(Directory.GetFiles(prefix.Root, "*", SearchOption.AllDirectories));
    }

    // The program, the links and the unit: with when they were written.
    private static List<(string, DateTime)> Written(ReleasePrefix prefix) =>
        [.. Directory.GetFileSystemEntries(Path.Combine(prefix.Root, "opt"), "*", SearchOption.AllDirectories)
            .Append(prefix.Program)
            .Order(StringComparer.Ordinal)
            .Select(entry => (entry, new FileInfo(entry).LastWriteTimeUtc))];
}
