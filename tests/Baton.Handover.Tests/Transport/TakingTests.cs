using System.Net.Sockets;
using System.Text;
using Baton.Handover.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Baton.Handover.Tests.Transport;

/// <summary>A connection is taken out of the server at the end of a request, however fast its client is.</summary>
[Collection("One after the other")] // As SocketReceiverTests: a client's end has to be one.
public sealed class TakingTests : IAsyncLifetime
{
    private const string Request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _client = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly SemaphoreSlim _answered = new(0);
    private readonly SemaphoreSlim _mayEnd = new(0);
    private WebApplication _app = null!;
    private CancellationToken _aborted;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ConnectionTable Table => _app.Services.GetRequiredService<ConnectionTable>();

    public async ValueTask InitializeAsync()
    {
        _app = await TransportApp.StartAsync(AnswerAsync);
        var listener = _app.Services.GetRequiredService<HandoverListenerFactory>().Listeners.Single();
        listener.Accept();
        await _client.ConnectAsync(listener.Listener.LocalEndPoint!, Token);
    }

    public async ValueTask DisposeAsync()
    {
        _mayEnd.Release(10);
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task While_connections_move_a_client_that_asks_again_before_the_server_is_done_does_not_stay()
    {
        var taken = new TaskCompletionSource<IdleConnection?>();
        Table.Moving = (connection, took) => _ = TakeAsync(connection, taken);
        await AskTwiceAsync();

        _mayEnd.Release();
        using var socket = (await taken.Task.WaitAsync(Patience, Token))?.Socket;

        Assert.NotNull(socket);
        Assert.Equal(Request, await ReadAsync(socket));
    }

    [Fact]
    public async Task What_was_held_back_is_answered_here_when_connections_no_longer_move()
    {
        Table.Moving = (_, _) => Assert.Fail("Taken");
        await AskTwiceAsync();

        Table.Moving = null;
        _mayEnd.Release();

        await ExpectAnswerAsync();
    }

    [Fact]
    public async Task What_was_held_back_is_answered_here_when_the_connection_cannot_be_taken()
    {
        Table.Moving = (connection, _) =>
        {
            connection.StaysHere = true;
            connection.LetGoOn();
        };
        await AskTwiceAsync();

        _mayEnd.Release();

        await ExpectAnswerAsync();
    }

    [Fact]
    public async Task While_connections_move_the_end_of_a_client_is_seen_in_the_middle_of_an_answer()
    {
        Table.Moving = (_, _) => { };
        await _client.SendAsync(Encoding.ASCII.GetBytes(Request), Token);
        await ExpectAnswerAsync();
        Assert.False(_aborted.IsCancellationRequested);

        _client.Shutdown(SocketShutdown.Send);

        await TransportApp.WaitAsync(() => _aborted.IsCancellationRequested, "the request to be aborted");
    }

    [Fact]
    public async Task A_connection_that_is_aborted_while_it_is_held_back_ends()
    {
        Table.Moving = (_, _) => { };
        await AskTwiceAsync();

        Table.Connections.Single().Abort(new("The test ends it."));
        _mayEnd.Release();

        await TransportApp.WaitAsync(() => Table.Count == 0, "the connection to be over");
    }

    private static async Task TakeAsync(HandoverConnection connection, TaskCompletionSource<IdleConnection?> taken) =>
        taken.SetResult(await connection.TryTakeAsync());

    private static async Task<string> ReadAsync(Socket socket)
    {
        var buffer = new byte[1024];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Token));
    }

    // The second one when the client has its answer, and the server is still busy with the first.
    private async Task AskTwiceAsync()
    {
        await _client.SendAsync(Encoding.ASCII.GetBytes(Request), Token);
        await ExpectAnswerAsync();
        await _client.SendAsync(Encoding.ASCII.GetBytes(Request), Token);
        await TransportApp.WaitAsync(() => Table.Connections.Single().HasPipelined, "the second request to come");
    }

    private async Task ExpectAnswerAsync()
    {
        Assert.True(await _answered.WaitAsync(Patience, Token));
        Assert.EndsWith("\r\n\r\nanswer", await ReadAsync(_client), StringComparison.Ordinal);
    }

    // As the middleware that knows which requests are in flight.
    private async Task AnswerAsync(HttpContext context)
    {
        var connection = context.Features.Get<HandoverConnection>()!;
        connection.BeginRequest(TimeProvider.System.GetTimestamp(), 0);
        _aborted = context.RequestAborted;
        context.Response.ContentLength = 6;
        await context.Response.WriteAsync("answer");
        _answered.Release();
        await _mayEnd.WaitAsync(Patience);
        connection.EndRequest(TimeProvider.System.GetTimestamp(), TimeSpan.Zero);
    }
}
