using System.Net;
using System.Net.Sockets;
using Baton.Configuration;
using Xunit;

namespace Baton.Tests.Configuration;

/// <summary>What <c>baton check</c> says of listeners, with sockets of this process in their way.</summary>
public sealed class ListenerCheckTests : IDisposable
{
    private readonly ConfigFolder _folder = new("{}");
    private readonly Socket _held = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ListenerCheckTests()
    {
        _held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _held.Listen();
    }

    private int Port => ((IPEndPoint)_held.LocalEndPoint!).Port;

    public void Dispose()
    {
        _held.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_address_that_is_free() => Assert.Empty((await CheckAsync("http://127.0.0.1:0")).Errors);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("*")]
    public async Task An_address_in_use_names_the_process_that_holds_it(string host)
    {
        var error = Assert.Single((await CheckAsync($"http://{host}:{Port}")).Errors);

        Assert.Contains($":{Port} is in use by another process: pid {Environment.ProcessId}, ", error.Message, StringComparison.Ordinal);
        Assert.Equal("Kestrel:Endpoints:Http:Url", error.Key);
    }

    [Fact]
    public async Task An_address_of_the_daemon_that_runs_with_this_configuration_is_in_order() =>
        Assert.Empty((await CheckAsync($"http://127.0.0.1:{Port}", [$"http://127.0.0.1:{Port}"])).Errors);

    [Fact]
    public async Task An_address_of_another_machine()
    {
        var error = Assert.Single((await CheckAsync("http://192.0.2.1:8080")).Errors);

        Assert.Contains("192.0.2.1 is no address of this machine", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_somebody_listens_on()
    {
        var path = Path.Combine(_folder.Path, "app.sock");
        using var held = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        held.Bind(new UnixDomainSocketEndPoint(path));
        held.Listen();

        var error = Assert.Single((await CheckAsync($"http://unix:{path}")).Errors);

        Assert.Contains($"{path} is in use by another process: pid {Environment.ProcessId}, ", error.Message, StringComparison.Ordinal);
        Assert.False(held.Poll(TimeSpan.Zero, SelectMode.SelectRead)); // Nobody has connected.
    }

    [Fact]
    public async Task A_socket_that_was_left_behind_is_in_order_and_stays()
    {
        var path = Path.Combine(_folder.Path, "app.sock");
        using (var held = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            held.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder.Path, "first.sock")));
            File.Move(Path.Combine(_folder.Path, "first.sock"), path);
        }

        Assert.Empty((await CheckAsync($"http://unix:{path}")).Errors);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task A_socket_that_cannot_be_made()
    {
        var noDirectory = Assert.Single((await CheckAsync($"http://unix:{_folder.Path}/none/app.sock")).Errors);
        var aFile = Assert.Single((await CheckAsync($"http://unix:{_folder.File}")).Errors);

        Assert.Contains("the directory of ", noDirectory.Message, StringComparison.Ordinal);
        Assert.Contains("is a file that is not a socket", aFile.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_admin_address_is_looked_at_too()
    {
        var error = Assert.Single((await CheckAsync("http://127.0.0.1:0", admin: $"127.0.0.1:{Port}")).Errors);

        Assert.Equal("Baton:Admin:Address", error.Key);
    }

    private async Task<Findings> CheckAsync(string url, IReadOnlyList<string>? running = null, string? admin = null)
    {
        var address = admin is null ? "null" : $"\"{admin}\"";
        _folder.Write($$"""{ "Kestrel": { "Endpoints": { "Http": { "Url": "{{url}}" } } }, "Baton": { "Admin": { "Address": {{address}} } } }""");
        var inspection = await new ConfigurationLoader(_folder.File, new Dictionary<string, string>(), []).InspectAsync(TestContext.Current.CancellationToken);
        new ListenerCheck(inspection.Readable, inspection.Findings, running).Run();
        return inspection.Findings;
    }
}
