using System.Net.Sockets;
using Baton.Handover.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Baton.Handover.Tests.Transport;

/// <summary>What a drain waits for.</summary>
[Collection("One after the other")] // As SocketReceiverTests: a client's end has to be one.
public sealed class ConnectionTableTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_counts_until_its_request_has_ended_even_if_its_client_is_gone()
    {
        var answered = new TaskCompletionSource();
        var mayEnd = new TaskCompletionSource();
        await using var app = await TransportApp.StartAsync(async context =>
        {
            await context.Response.WriteAsync("answer");
            answered.SetResult();
            await mayEnd.Task;
        });
        var table = app.Services.GetRequiredService<ConnectionTable>();
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
        await client.ConnectAsync(TransportApp.Accept(app), Token);
        await TransportApp.SendRequestAsync(client);
        await answered.Task.WaitAsync(Patience, Token);
        var connection = table.Connections.Single();

        client.Close();
        await TransportApp.WaitAsync(() => connection.Socket.SafeHandle.IsClosed, "the socket to be closed");
        await Task.Delay(100, Token); // For what else the end of the socket brings about, which nothing tells of.
        Assert.Equal(1, table.Count);

        mayEnd.SetResult();
        await TransportApp.WaitAsync(() => table.Count == 0, "the connection to be over");
    }
}
