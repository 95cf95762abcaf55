using System.Globalization;

namespace Baton.Canary.Clients;

/// <summary>
/// One client that asks and asks, and whose every answer is checked. What a server may do in good order, such as closing
/// after an answer that said so, GOAWAY, a close frame, is no failure; a lost, doubled or wrong answer is.
/// </summary>
/// <param name="name">What it is, for messages: "keep-alive".</param>
/// <param name="target">Where it flies.</param>
/// <param name="token">What it proves itself with.</param>
/// <param name="clock">The time.</param>
internal abstract class Canary(string name, CanaryTarget target, string token, TimeProvider clock)
{
    // Nothing that a canary asks for takes longer than a few seconds.
    private static readonly TimeSpan ExchangePatience = TimeSpan.FromSeconds(15);

    private int _answers;
    private int _generation;

    public string Name => name;

    /// <summary>How many right answers it has got.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>The generation that gave the last one.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>What it has seen that no client may see.</summary>
    public string? Failure { get; private set; }

    protected CanaryTarget Target => target;

    protected string Token => token;

    protected TimeProvider Clock => clock;

    /// <summary>Flies until it is told to stop, or sees a failure.</summary>
    public async Task FlyAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
                await ExchangeAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Between two exchanges.
        }
        catch (Exception e) when (e is not OutOfMemoryException) // whatever it is, a client would have seen it
        {
            Fail(e);
        }
    }

    /// <summary>Notes a failure of its preparation.</summary>
    public void Fail(Exception e) => Failure = $"{target.Address}, {name}, after {Answers.ToString(CultureInfo.InvariantCulture)} answers: {Words(e)}";

    /// <summary>Asks once; throws what a client must never see.</summary>
    /// <param name="stop">Ends pauses; an exchange that has begun is finished.</param>
    protected abstract Task ExchangeAsync(CancellationToken stop);

    /// <summary>A deadline for one exchange.</summary>
    protected CancellationTokenSource Deadline() => new(ExchangePatience, clock);

    protected async Task PauseAsync(TimeSpan time, CancellationToken stop) => await Task.Delay(time, clock, stop);

    /// <summary>Checks an answer, <c>WHAT GENERATION</c>, and counts it.</summary>
    /// <exception cref="CanaryException">It is another one.</exception>
    protected void Check(string expected, string answer)
    {
        var parts = answer.Split(' ');
        if (parts.Length != 2 || parts[0] != expected || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var generation))
            throw new CanaryException($"'{expected}' was answered with '{answer}'");
        Volatile.Write(ref _generation, generation);
        Interlocked.Increment(ref _answers);
    }

    private static string Words(Exception e) => e switch
    {
        OperationCanceledException => $"no answer within {ExchangePatience.TotalSeconds} s",
        { InnerException: { } inner } when inner.Message != e.Message => $"{e.Message} ({inner.Message})",
        _ => e.Message,
    };
}
