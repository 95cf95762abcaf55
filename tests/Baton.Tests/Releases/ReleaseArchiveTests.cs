using System.Security.Cryptography;
using Xunit;

namespace Baton.Tests.Releases;

/// <summary>What deploy/build.sh makes: the archive and the .deb.</summary>
public sealed class ReleaseArchiveTests(ReleaseArchive archive)
{
    [Fact]
    public async Task Built_again_in_another_directory_every_byte_is_the_same()
    {
        var (first, firstDeb) = (await archive.NextPathAsync(), await archive.NextDebPathAsync());
        var again = await archive.BuiltAgainAsync();

        Assert.NotEqual(first, again.Archive);
        Assert.Equal(await HashAsync(first), await HashAsync(again.Archive));
        Assert.Equal(await HashAsync(firstDeb), await HashAsync(again.Deb));
    }

    [Fact]
    public async Task The_archive_holds_one_directory_with_all_that_an_installation_needs()
    {
        var path = await archive.PathAsync();
        var name = Path.GetFileName(path).Replace(".tar.gz", "", StringComparison.Ordinal);
        var entries = (await ProgramRun.OutputOfAsync(["tar", "-tzf", path])).TrimEnd().Split('\n');

        Assert.Matches(@"^baton-\d+\.\d+\.\d+-linux-x64$", name);
        Assert.All(entries, entry => Assert.StartsWith($"{name}/", entry, StringComparison.Ordinal));
        foreach (var needed in (string[])["config/baton.json", "config/baton.schema.json", "config/examples/grpc.json", "deploy/systemd/baton.service", "deploy/logrotate/baton", "install.sh", "upgrade.sh", "LICENSE", "README.md", "CHANGELOG.md"])
            Assert.Contains($"{name}/{needed}", entries);
        Assert.Equal([$"{name}/baton/", $"{name}/baton/baton"], entries.Where(entry => entry.StartsWith($"{name}/baton/", StringComparison.Ordinal)));
        Assert.Equal(entries.Order(StringComparer.Ordinal), entries);
        Assert.Equal($"{await HashAsync(path)}  {Path.GetFileName(path)}\n", await File.ReadAllTextAsync(path + ".sha256", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_package_holds_the_program_the_unit_and_the_configuration_as_conffiles()
    {
        var deb = await archive.DebPathAsync();
        var root = Directory.CreateTempSubdirectory("baton-deb-");
        try
        {
            await ProgramRun.OutputOfAsync(["dpkg-deb", "--raw-extract", deb, root.FullName]);
            string Read(string file) => File.ReadAllText(Path.Combine(root.FullName, file));

            var version = (await ProgramRun.OutputOfAsync(["dpkg-deb", "--field", deb, "Version"])).Trim();
            Assert.Equal($"baton {version}\n", await ProgramRun.OutputOfAsync([Path.Combine(root.FullName, "usr/bin/baton"), "version"]));
            Assert.Equal("/etc/baton/baton.json\n/etc/baton/baton.schema.json\n/etc/logrotate.d/baton\n", Read("DEBIAN/conffiles"));
            Assert.Equal(RepositoryFiles.Read("baton.json"), Read("etc/baton/baton.json"));
            Assert.Contains("ExecStart=/usr/bin/baton run --config /etc/baton/baton.json", Read("lib/systemd/system/baton.service"), StringComparison.Ordinal);
            Assert.DoesNotContain("/usr/local", Read("lib/systemd/system/baton.service"), StringComparison.Ordinal);
            Assert.Equal(File.ReadAllText(Path.Combine(RepositoryFiles.Deploy, "completion/baton")), Read("usr/share/bash-completion/completions/baton"));
            Assert.Contains("Permission is hereby granted", Read("usr/share/doc/baton/copyright"), StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(root.FullName, "usr/share/doc/baton/changelog.gz")));
            foreach (var script in (string[])["postinst", "prerm", "postrm"])
                await ProgramRun.OutputOfAsync(["sh", "-n", Path.Combine(root.FullName, "DEBIAN", script)]);
            Assert.All(
                (await ProgramRun.OutputOfAsync(["dpkg-deb", "--contents", deb])).TrimEnd().Split('\n'),
                line => Assert.Contains(" root/root ", line, StringComparison.Ordinal));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static async Task<string> HashAsync(string file)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, TestContext.Current.CancellationToken));
    }
}
