using System.Globalization;

namespace Baton.Tests.Clients;

/// <summary>
/// One kind of client on 127.0.0.1, as a number of lanes that do the same side by side. It speaks over raw sockets, so
/// that nothing is retried behind its back, and it reports everything that a user would have noticed.
/// </summary>
public abstract class Client(string kind, int port, int lanes)
{
    private static int _instances;
    private readonly int _instance = Interlocked.Increment(ref _instances);
    private int _ids;

    public string Kind => kind;

    public int Port => port;

    public int Lanes => lanes;

    public ClientReport Report { get; } = new(kind);

    /// <summary>The time in which an ordinary request must be answered in full. Default: 30 seconds.</summary>
    public TimeSpan AnswerDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the client waits for <see cref="Traffic.SpeakAsync"/>.</summary>
    public virtual bool Speaks => false;

    private string IdPrefix => string.Create(CultureInfo.InvariantCulture, $"{Kind.Replace(' ', '-')}-{_instance}-");

    /// <summary>Runs every lane to its end; <paramref name="cues"/> has one entry for each.</summary>
    public Task RunAsync(IReadOnlyList<Cues> cues, CancellationToken cancellationToken) =>
        Task.WhenAll(cues.Select(lane => Task.Run(() => RunToEndAsync(lane, cancellationToken), CancellationToken.None)));

    /// <summary>Whether an id is of a request of this client.</summary>
    public bool Made(string id) => id.StartsWith(IdPrefix, StringComparison.Ordinal);

    protected abstract Task RunLaneAsync(Cues cues, CancellationToken cancellationToken);

    /// <summary>An id that no other request of this test run has; it says which client made it.</summary>
    protected string NextId() => string.Create(CultureInfo.InvariantCulture, $"{IdPrefix}{Interlocked.Increment(ref _ids)}");

    protected bool GoesOn(Cues cues, CancellationToken cancellationToken) =>
        !cues.Stopped && !Report.GaveUp && !cancellationToken.IsCancellationRequested;

    private async Task RunToEndAsync(Cues cues, CancellationToken cancellationToken)
    {
        try
        {
            await RunLaneAsync(cues, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Report.Fail(0, 0, "run to the end", "the traffic's own deadline passed");
        }
        catch (Exception e)
        {
            Report.Fail(0, 0, "run to the end", $"the client itself broke: {e}");
        }
        finally
        {
            cues.Finished();
        }
    }
}
