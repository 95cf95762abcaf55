using System.Globalization;
using System.Text.RegularExpressions;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Upgrades;

/// <summary>What a generation has counted goes on in the next, and what it does to get warm is nobody else's business.</summary>
public sealed partial class KnowledgeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_request_is_counted_once_whichever_generation_answers_it()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var config = new ConfigBuilder().Listen().ForwardTo(backend.Address).Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:00.200");
        await using var daemon = await DaemonProcess.StartAsync(config);
        var requests = 0;
        for (var generation = 1; generation <= 3; generation++)
        {
            for (var count = 0; count < 5; count++, requests++)
                await GetAsync(daemon, "/");
            await GetAsync(daemon, "/nothing");
            var held = GetAsync(daemon, $"/held?id={generation}"); // Begun in one generation, ended while two serve.
            await backend.WaitForAsync($"{generation}", Token);
            await daemon.UpgradeAsync();
            await GetAsync(daemon, "/");
            backend.Held.Open();
            await held;
            backend.Held.Close();
            requests += 3;
            var told = await TotalsAsync(daemon, generation);
            Assert.Equal((requests, requests, 0), (told.Connections, told.Answered, told.ServerErrors));
            await daemon.WaitForOneProcessAsync();
        }

        daemon.AssertNoUnexpectedWarnings();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Http2")]
    public async Task Getting_warm_sends_nothing_to_any_destination_and_warns_of_nothing_whatever_the_endpoints(string? protocols)
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        using var folder = new TemporaryFolder();
        var config = new ConfigBuilder().Listen(protocols: protocols).Listen(protocols: protocols).Listen($"http://unix:{Path.Combine(folder.Path, "baton.sock")}").ForwardTo(backend.Address)
            .Baton("Probation", "00:00:00"); // Which would ask on each listener, and count.
        await using var daemon = await DaemonProcess.StartAsync(config, new DaemonStart { Listeners = 3 });
        await daemon.UpgradeAsync();
        Assert.Equal(0, backend.Requests);
        Assert.Equal(new Totals(0, 0, 0), await TotalsAsync(daemon, 1));
        daemon.AssertNoUnexpectedWarnings();
    }

    private static async Task GetAsync(DaemonProcess daemon, string path)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{daemon.Port}{path}");
        request.Headers.ConnectionClose = true;
        using var response = await client.SendAsync(request, Token);
    }

    private static async Task<Totals> TotalsAsync(DaemonProcess daemon, int upgrades)
    {
        List<Match> Told() => [.. daemon.Log.Lines.Select(line => Line().Match(line)).Where(match => match.Success)];
        await daemon.WaitAsync(() => Told().Count >= upgrades, $"say {upgrades} times what was counted");
        int Number(string name) => int.Parse(Told()[upgrades - 1].Groups[name].Value, CultureInfo.InvariantCulture);
        return new Totals(Number("connections"), Number("answered"), Number("errors"));
    }

    [GeneratedRegex(@"Since generation 1: (?<connections>\d+) connections accepted, (?<answered>\d+) requests answered, (?<errors>\d+) of them with 5xx")]
    private static partial Regex Line();

    private sealed record Totals(int Connections, int Answered, int ServerErrors);

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("baton-sock-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
