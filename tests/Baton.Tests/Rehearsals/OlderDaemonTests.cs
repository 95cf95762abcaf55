using System.Collections.Concurrent;
using Baton.Tests.Admin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Baton.Tests.Rehearsals;

/// <summary>A daemon whose build knows no rehearsals: it would read over the word and upgrade.</summary>
public sealed class OlderDaemonTests
{
    // What the first builds with an admin socket answered.
    private const string Status = """
        {"generation":3,"pid":4711,"version":"0.0.9","phase":"Serving","isMain":true,"startedAt":"2026-01-01T00:00:00+00:00",
         "configuration":"/etc/baton/baton.json","listeners":[],"reports":[]}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_not_asked()
    {
        var directory = Directory.CreateTempSubdirectory("baton-older-").FullName;
        var socket = Path.Combine(directory, "admin.sock");
        var asked = new ConcurrentQueue<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.ListenUnixSocket(socket));
        await using var daemon = builder.Build();
        daemon.Run(context =>
        {
            asked.Enqueue($"{context.Request.Method} {context.Request.Path}");
            return context.Response.WriteAsync(Status, Token);
        });
        await daemon.StartAsync(Token);
        try
        {
            var run = await BatonCommand.RunAsync(null, "upgrade", "--socket", socket, "--dry-run");

            Assert.True(run.ExitCode == 1, run.ToString());
            Assert.Contains("baton: generation 3 (pid 4711, version 0.0.9) knows no rehearsals: it would upgrade. Nothing was asked of it.", run.Errors, StringComparison.Ordinal);
            Assert.All(asked, request => Assert.Equal("GET /status", request));
        }
        finally
        {
            await daemon.StopAsync(Token);
            Directory.Delete(directory, recursive: true);
        }
    }
}
