using System.Net;
using System.Runtime.InteropServices;
using Baton.Tests.Backends;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Baton.Tests.Configuration;

public sealed partial class LiveReloadTests
{
    private const int Reloaded = 2001;
    private const int Refused = 2002;
    private const int WaitsForUpgrade = 2003;
    private const int Missing = 2005;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_changed_route_takes_effect_whether_the_file_is_replaced_or_written_in_place(bool replace)
    {
        await using var one = await Backend.StartAsync("one", TestContext.Current.CancellationToken);
        await using var two = await Backend.StartAsync("two", TestContext.Current.CancellationToken);
        using var folder = new ConfigFolder(Load.Proxy(address: one.Address));
        await using var proxy = await TestProxy.StartAsync(folder.File);
        Assert.Equal("one", (await proxy.GetAsync()).Body);

        if (replace)
            folder.Replace(Load.Proxy(address: two.Address));
        else
            folder.Write(Load.Proxy(address: two.Address));

        await Eventually.Holds(async () => (await proxy.GetAsync()).Body == "two", "the second backend answers");
        await Eventually.Holds(() => proxy.Log.Texts(Reloaded).Count == 1, "the reload is logged");
        Assert.Equal($"Routes and clusters reloaded from {folder.File}; routes: 1, clusters: 1", proxy.Log.Texts(Reloaded)[0]);
    }

    [Fact]
    public async Task A_swapped_ConfigMap_takes_effect()
    {
        await using var one = await Backend.StartAsync("one", TestContext.Current.CancellationToken);
        await using var two = await Backend.StartAsync("two", TestContext.Current.CancellationToken);
        using var folder = new ConfigFolder("{}");
        AddRevision("..1", Load.Proxy(address: one.Address));
        AddRevision("..2", Load.Proxy(address: two.Address));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "..data"), "..1");
        File.Delete(folder.File);
        File.CreateSymbolicLink(folder.File, "..data/baton.json");
        await using var proxy = await TestProxy.StartAsync(folder.File);
        Assert.Equal("one", (await proxy.GetAsync()).Body);

        // As the kubelet does it: a new link beside the old one, then renamed over it.
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "..data_tmp"), "..2");
        Assert.Equal(0, Rename(Path.Combine(folder.Path, "..data_tmp"), Path.Combine(folder.Path, "..data")));

        await Eventually.Holds(async () => (await proxy.GetAsync()).Body == "two", "the second backend answers");

        void AddRevision(string name, string json)
        {
            var directory = Directory.CreateDirectory(Path.Combine(folder.Path, name));
            File.WriteAllText(Path.Combine(directory.FullName, "baton.json"), json);
        }
    }

    [Fact]
    public async Task A_change_behind_a_link_to_elsewhere_is_seen_without_a_watch()
    {
        await using var one = await Backend.StartAsync("one", TestContext.Current.CancellationToken);
        using var elsewhere = new ConfigFolder("{}");
        using var folder = new ConfigFolder("{}");
        File.Delete(folder.File);
        File.CreateSymbolicLink(folder.File, elsewhere.File);
        await using var proxy = await TestProxy.StartAsync(folder.File);

        elsewhere.Write(Load.Proxy(address: one.Address));

        await Eventually.Holds(async () => (await proxy.GetAsync()).Body == "one", "the backend answers");
    }

    [Theory]
    [InlineData("{ \"ReverseProxy\": { ", "This is not JSON")]
    [InlineData("", "The file is empty")]
    [InlineData("""{ "ReverseProxy": { "Routes": { "r": { "ClusterId": "x", "Match": { "Path": "/" } } } } }""", "there is no such cluster")]
    [InlineData("""{ "Baton": { "DrainTimout": "00:00:01" } }""", "Did you mean DrainTimeout?")]
    public async Task A_broken_change_is_refused_and_the_old_routes_stay(string broken, string reason)
    {
        await using var one = await Backend.StartAsync("one", TestContext.Current.CancellationToken);
        await using var two = await Backend.StartAsync("two", TestContext.Current.CancellationToken);
        using var folder = new ConfigFolder(Load.Proxy(address: one.Address));
        await using var proxy = await TestProxy.StartAsync(folder.File);

        folder.Replace(broken);

        await Eventually.Holds(() => proxy.Log.Texts(Refused).Count == 1, "the refusal is logged");
        Assert.Contains(reason, proxy.Log.Texts(Refused)[0], StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "one"), await proxy.GetAsync());

        folder.Replace(Load.Proxy(address: two.Address));
        await Eventually.Holds(async () => (await proxy.GetAsync()).Body == "two", "the mended file takes effect");
        Assert.Single(proxy.Log.Texts(Refused));
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_in_one_event()
    {
        using var folder = new ConfigFolder("{}");
        await using var proxy = await TestProxy.StartAsync(folder.File);

        folder.Replace("""{ "Baton": { "A": 1, "B": 2 }, "ReverseProxy": { "Routes": { "r": { "ClusterId": "c", "Match": {} } } } }""");

        await Eventually.Holds(() => proxy.Log.Texts(Refused).Count == 1, "the refusal is logged");
        var text = proxy.Log.Texts(Refused)[0];
        string[] parts = ["errors: 4", "Baton:A is not known", "Baton:B is not known", "there is no such cluster", "requires Hosts or Path"];
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_change_of_other_sections_waits_for_the_upgrade_and_says_so_once()
    {
        using var folder = new ConfigFolder("""{ "Baton": { "Probation": "00:00:01" } }""");
        await using var proxy = await TestProxy.StartAsync(folder.File);

        folder.Replace("""{ "Baton": { "Probation": "00:00:09" } }""");
        await Eventually.Holds(() => proxy.Log.Texts(WaitsForUpgrade).Count == 1, "the change of Baton is logged");
        folder.Replace("""{ "Baton": { "Probation": "00:00:09" }, "Serilog": { "MinimumLevel": "Debug" } }""");
        await Eventually.Holds(() => proxy.Log.Texts(WaitsForUpgrade).Count == 2, "the change of Serilog is logged");

        Assert.Equal($"The change of Baton in {folder.File} takes effect with the next upgrade: kill -HUP {Environment.ProcessId}", proxy.Log.Texts(WaitsForUpgrade)[0]);
        Assert.StartsWith("The change of Serilog in ", proxy.Log.Texts(WaitsForUpgrade)[1], StringComparison.Ordinal);
        Assert.Empty(proxy.Log.Texts(Reloaded));
    }

    [Fact]
    public async Task A_file_that_vanishes_is_reported_once_and_the_routes_stay()
    {
        await using var one = await Backend.StartAsync("one", TestContext.Current.CancellationToken);
        using var folder = new ConfigFolder(Load.Proxy(address: one.Address));
        await using var proxy = await TestProxy.StartAsync(folder.File);

        File.Delete(folder.File);
        await Eventually.Holds(() => proxy.Log.Texts(Missing).Count == 1, "the loss is logged");
        Assert.Equal("one", (await proxy.GetAsync()).Body);

        folder.Write("{}"); // comes back, without routes
        await Eventually.Holds(() => proxy.Log.Texts(Reloaded).Count == 1, "the new file is read");
        Assert.Single(proxy.Log.Texts(Missing));
    }

    [Fact]
    public async Task A_file_that_is_written_anew_with_the_same_content_does_nothing()
    {
        await using var one = await Backend.StartAsync("one", TestContext.Current.CancellationToken);
        using var folder = new ConfigFolder(Load.Proxy(address: one.Address));
        await using var proxy = await TestProxy.StartAsync(folder.File);

        folder.Replace(Load.Proxy(address: one.Address));
        folder.Write(Load.Proxy(address: one.Address));
        folder.Replace(Load.Proxy(address: one.Address) + "\n"); // nothing but a line end: no change of a value either
        folder.Replace("{}");

        await Eventually.Holds(() => proxy.Log.Texts(Reloaded).Count == 1, "the last change is logged");
        Assert.DoesNotContain(proxy.Log.Events, one => one.Level > LogLevel.Information);
    }

    // File.Move follows a link to a directory and refuses it.
    [LibraryImport("libc", EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);
}
