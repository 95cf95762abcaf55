using System.IO.Pipelines;
using System.Text;
using Baton.Handover.Transport;
using Xunit;

namespace Baton.Handover.Tests.Transport;

/// <summary>What a reader knows of the server that reads from it.</summary>
public sealed class RequestReaderTests
{
    private readonly Pipe _pipe = new();
    private readonly RequestReader _reader;

    public RequestReaderTests() => _reader = new RequestReader(_pipe.Reader);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_head_of_which_lines_were_taken_is_no_boundary_though_every_byte_was_consumed()
    {
        Assert.True(_reader.AtBoundary);
        await ConsumeAsync("GET / HTTP/1.1\r\n");
        Assert.False(_reader.AtBoundary);

        await ConsumeAsync("Host: x\r\n\r\n");
        _reader.BeginRequest(0);
        Assert.True(_reader.AtBoundary);
        Assert.Equal(27, _reader.Consumed);
    }

    [Fact]
    public async Task A_body_with_a_length_ends_after_it()
    {
        await ConsumeAsync("POST / HTTP/1.1\r\n\r\n");
        _reader.BeginRequest(5);
        await ConsumeAsync("hel");
        Assert.False(_reader.AtBoundary);
        await ConsumeAsync("lo");
        Assert.True(_reader.AtBoundary);
    }

    [Fact]
    public async Task A_chunked_body_ends_with_its_last_chunk()
    {
        await ConsumeAsync("POST / HTTP/1.1\r\n\r\n");
        _reader.BeginRequest(null);
        await ConsumeAsync("5\r\nhello\r\n");
        Assert.False(_reader.AtBoundary);
        await ConsumeAsync("0\r\n\r\n");
        Assert.True(_reader.AtBoundary);
    }

    [Fact]
    public async Task It_says_when_the_server_waits_asked_before_or_after()
    {
        var before = _reader.WaitingAsync();
        Assert.False(before.IsCompleted);
        var reading = _reader.ReadAsync(Token);
        await before.WaitAsync(Token);
        await _reader.WaitingAsync().WaitAsync(Token);

        await _pipe.Writer.WriteAsync("x"u8.ToArray(), Token);
        _reader.AdvanceTo((await reading).Buffer.End);
        Assert.False(_reader.WaitingAsync().IsCompleted);
    }

    [Fact]
    public async Task Looking_without_taking_counts_nothing()
    {
        await _pipe.Writer.WriteAsync("GET"u8.ToArray(), Token);
        var result = await _reader.ReadAsync(Token);
        _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        Assert.Equal((0, true), (_reader.Consumed, _reader.AtBoundary));
    }

    private async Task ConsumeAsync(string text)
    {
        await _pipe.Writer.WriteAsync(Encoding.ASCII.GetBytes(text), Token);
        _reader.AdvanceTo((await _reader.ReadAsync(Token)).Buffer.End);
    }
}
