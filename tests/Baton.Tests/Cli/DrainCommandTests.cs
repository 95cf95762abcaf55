using System.Collections.Concurrent;
using Baton.Admin;
using Baton.Tests.Admin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Baton.Tests.Cli;

/// <summary><c>baton drain</c>: what it asks for and what it says, with a daemon that is only its admin socket.</summary>
public sealed class DrainCommandTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("baton-drain-").FullName;
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly WebApplication _daemon;

    public DrainCommandTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.ListenUnixSocket(Socket));
        _daemon = builder.Build();
        _daemon.Run(context =>
        {
            _asked.Enqueue($"{context.Request.Method} {context.Request.Path}");
            return context.Request.Path == "/undrain" && Refuses
                ? Refuse(context)
                : context.Response.WriteAsJsonAsync(StatusDocuments.Bare with { IsDraining = context.Request.Path == "/drain" }, AdminFormat.Default.StatusDocument);
        });
    }

    private string Socket => Path.Combine(_directory, "admin.sock");

    private bool Refuses { get; set; }

    public async ValueTask InitializeAsync() => await _daemon.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Drain_says_what_happens_now_and_how_to_see_it()
    {
        var once = await BatonCommand.RunAsync(null, "drain", "--timeout", "60", "--socket", Socket);
        var twice = await BatonCommand.RunAsync(null, "drain", "--timeout", "60", "--socket", Socket);

        Assert.Equal((0, ""), (once.ExitCode, once.Errors));
        Assert.StartsWith("Generation 1 (pid 12001) is not ready from now on ", once.Output, StringComparison.Ordinal);
        Assert.Contains("'baton status'", once.Output, StringComparison.Ordinal);
        Assert.Contains("'baton drain --undo'", once.Output, StringComparison.Ordinal);
        Assert.Equal(once, twice);
        Assert.Equal(["POST /drain", "POST /drain"], _asked.Where(asked => asked.StartsWith("POST", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Undo_says_that_it_is_ready()
    {
        var run = await BatonCommand.RunAsync(null, "drain", "--undo", "--timeout", "60", "--socket", Socket);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.StartsWith("Generation 1 (pid 12001) is ready for traffic", run.Output, StringComparison.Ordinal);
        Assert.Contains("POST /undrain", _asked);
    }

    [Fact]
    public async Task A_daemon_that_knows_nothing_of_it_is_an_error()
    {
        Refuses = true;

        var run = await BatonCommand.RunAsync(null, "drain", "--undo", "--timeout", "60", "--socket", Socket);

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Equal("", run.Output);
        Assert.Contains("POST /undrain", run.Errors, StringComparison.Ordinal);
    }

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Response.WriteAsync("{}");
    }
}
