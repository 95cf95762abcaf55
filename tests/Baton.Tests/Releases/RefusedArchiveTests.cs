using Xunit;

namespace Baton.Tests.Releases;

/// <summary>deploy/upgrade.sh without a daemon: which archives it takes, and which releases it keeps.</summary>
public sealed class RefusedArchiveTests : IDisposable
{
    private readonly ReleasePrefix _prefix = new();

    [Fact]
    public async Task Without_a_daemon_the_release_is_installed_and_that_is_said()
    {
        var run = await _prefix.UpgradeAsync(await _prefix.FakeAsync("1.0.0"));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("so nothing was upgraded", run.Output, StringComparison.Ordinal);
        Assert.Contains("baton 1.0.0 is installed in ", run.Output, StringComparison.Ordinal);
        Assert.Equal("releases/1.0.0", _prefix.Current);
        Assert.True(File.Exists(_prefix.Configuration));
    }

    [Fact]
    public async Task The_three_newest_releases_stay_and_what_runs()
    {
        using var running = _prefix.Occupy("0.1.0");
        try
        {
            foreach (var (version, age) in (IEnumerable<(string, int)>)[("0.2.0", 4), ("0.3.0", 3), ("0.4.0", 2), ("0.1.0", 5)])
                Directory.CreateDirectory(Path.Combine(_prefix.Releases, version)).LastWriteTimeUtc = DateTime.UtcNow.AddDays(-age);

            var run = await _prefix.UpgradeAsync(await _prefix.FakeAsync("1.0.0"));

            Assert.True(run.ExitCode == 0, run.ToString());
            Assert.Equal(["0.1.0", "0.3.0", "0.4.0", "1.0.0"], _prefix.Versions);
        }
        finally
        {
            running.Kill();
            await running.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task An_archive_that_is_not_whole_is_refused()
    {
        var archive = await _prefix.FakeAsync("1.0.0");
        var content = await File.ReadAllBytesAsync(archive, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(archive, content[..(content.Length / 2)], TestContext.Current.CancellationToken);

        await AssertRefusedAsync(archive, "cannot be read: ");
    }

    [Fact]
    public async Task An_archive_that_differs_from_its_checksum_is_refused()
    {
        var archive = await _prefix.FakeAsync("1.0.0");
        await File.WriteAllTextAsync(archive + ".sha256", $"{new string('0', 64)}  {Path.GetFileName(archive)}\n", TestContext.Current.CancellationToken);

        await AssertRefusedAsync(archive, "is damaged: its SHA-256 is ");
    }

    [Fact]
    public async Task An_archive_for_another_machine_is_refused() =>
        await AssertRefusedAsync(await _prefix.FakeAsync("1.0.0", machine: "linux-riscv64"), "is built for linux-riscv64, but this machine is linux-");

    [Fact]
    public async Task An_archive_with_a_path_that_leads_out_is_refused() =>
        await AssertRefusedAsync(await _prefix.FakeAsync("1.0.0", options: ["--transform", "s,config/README.md,../../escaped,"]), "/../../escaped. Nothing was unpacked");

    [Fact]
    public async Task An_archive_with_an_absolute_path_is_refused() =>
        await AssertRefusedAsync(await _prefix.FakeAsync("1.0.0", options: ["--transform", "s,^.*config/README.md,/tmp/escaped,"]), "such as: /tmp/escaped");

    [Fact]
    public async Task An_archive_with_a_link_is_refused() =>
        await AssertRefusedAsync(await _prefix.FakeAsync("1.0.0", spoil: tree => File.CreateSymbolicLink(Path.Combine(tree, "config/link"), "/etc")), "config/link -> /etc");

    [Fact]
    public async Task An_archive_of_something_else_is_refused() =>
        await AssertRefusedAsync(await _prefix.FakeAsync("1.0.0", options: ["--transform", "s,^baton-,other-,"]), "is not a release of baton: its first entry is 'other-1.0.0-linux-x64'");

    [Fact]
    public async Task An_archive_without_a_program_is_refused() =>
        await AssertRefusedAsync(await _prefix.FakeAsync("1.0.0", spoil: tree => File.Delete(Path.Combine(tree, "baton/baton"))), "it has no baton-1.0.0-linux-x64/baton/baton");

    [Fact]
    public async Task An_archive_whose_program_is_of_another_version_is_refused() =>
        await AssertRefusedAsync(await _prefix.FakeAsync("1.0.0", options: ["--transform", "s,^baton-1.0.0,baton-1.0.1,"]), "says that it is version 1.0.1, but its program says 'baton 1.0.0'");

    [Fact]
    public async Task An_archive_whose_program_does_not_run_is_refused() => await AssertRefusedAsync(
        await _prefix.FakeAsync("1.0.0", spoil: tree => File.WriteAllText(Path.Combine(tree, "baton/baton"), "#!/bin/sh\necho no such library >&2\nexit 127\n")),
        "does not run on this machine. It said: no such library");

    public void Dispose() => _prefix.Dispose();

    private async Task AssertRefusedAsync(string archive, string reason)
    {
        var run = await _prefix.UpgradeAsync(archive);

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains(reason, run.Errors, StringComparison.Ordinal);
        Assert.Empty(_prefix.Versions);
        Assert.Null(_prefix.Current);
        Assert.Equal([".lock"], Directory.GetFileSystemEntries(Path.Combine(_prefix.Root, "opt/baton")).Select(entry => Path.GetFileName(entry)).Where(entry => entry != "releases"));
    }
}
