using System.Net.Sockets;
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
        await _client.ConnectAsync(TransportApp.Accept(_app), Token);
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
        Assert.Equal(TransportApp.Request, await TransportApp.ReadAsync(socket));
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
        await TransportApp.SendRequestAsync(_client);
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

    // The second one when the client has its answer, and the server is still busy with the first.
    private async Task AskTwiceAsync()
    {
        await TransportApp.SendRequestAsync(_client);
        await ExpectAnswerAsync();
        await TransportApp.SendRequestAsync(_client);
        await TransportApp.WaitAsync(() => Table.Connections.Single().HasPipelined, "the second request to come");
    }

    private async Task ExpectAnswerAsync()
    {
        Assert.True(await _answered.WaitAsync(Patience, Token));
        await TransportApp.ExpectAnswerAsync(_client);
    }

    private Task AnswerAsync(HttpContext context)
    {
        _aborted = context.RequestAborted;
        return TransportApp.AnswerAsync(context, async () =>
        {
            _answered.Release();
            await _mayEnd.WaitAsync(Patience);
        });
    }
}
