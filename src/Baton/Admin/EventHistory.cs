using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Baton.Handover;

namespace Baton.Admin;

/// <summary>
/// The last steps of this generation and of those before it, and who wants to be told of the next. Streams end as soon as
/// another generation serves: it knows the steps up to there, so that a client that asks there goes on where it was.
/// </summary>
internal sealed class EventHistory : IHandoverObserver, IStatePart
{
    private const int Most = 100;

    // More than an upgrade has steps; who does not read as many is let go of, and may ask again.
    private const int MostUnread = 32;

    private readonly Lock _lock = new();
    private readonly DrainSwitch _drain;
    private readonly TimeProvider _clock;
    private readonly List<Channel<EventDocument>> _streams = [];
    private IReadOnlyList<EventDocument> _events = [];
    private EventDocument _now;

    public EventHistory(Generation generation, DrainSwitch drain, TimeProvider clock)
    {
        (_drain, _clock) = (drain, clock);
        _now = new EventDocument { Generation = generation.Number, Number = 0, At = generation.StartedAt, Phase = HandoverPhase.Preparing };
        drain.Switched += () => Add(now => now with { Report = null });
    }

    public string Name => "events";

    public int Version => 1;

    /// <summary>What is so now, as an event without a report.</summary>
    public EventDocument Now
    {
        get
        {
            lock (_lock)
                return _now with { Report = null };
        }
    }

    private bool IsOver => _now.Phase is HandoverPhase.Probation or HandoverPhase.Draining or HandoverPhase.Stopping or HandoverPhase.Exiting;

    /// <summary>What is so now, what a client has missed, and what comes; that ends when another generation serves.</summary>
    /// <param name="last">The last event that it has seen, from whichever generation; null if none.</param>
    public (EventDocument Now, IReadOnlyList<EventDocument> Missed, ChannelReader<EventDocument> Next) Follow(string? last)
    {
        var stream = Channel.CreateBounded<EventDocument>(new BoundedChannelOptions(MostUnread) { SingleReader = true });
        lock (_lock)
        {
            if (IsOver)
                stream.Writer.Complete();
            else
                _streams.Add(stream);
            return (_now with { Report = null }, last is null ? [] : Since(last), stream.Reader);
        }
    }

    public void Leave(ChannelReader<EventDocument> stream)
    {
        lock (_lock)
            _streams.RemoveAll(one => one.Reader == stream);
    }

    public ValueTask OnPhaseAsync(HandoverNotice notice)
    {
        Add(now => now with { Phase = notice.Phase, IsMain = notice.IsMain, SuccessorPid = notice.SuccessorPid, Report = notice.Report });
        return ValueTask.CompletedTask;
    }

    public JsonElement? Save()
    {
        lock (_lock)
            return JsonSerializer.SerializeToElement(_events, EventFormat.Default.IReadOnlyListEventDocument);
    }

    // What the predecessor does once this generation serves is for its report to tell.
    public void Load(int version, JsonElement data, StateMoment moment)
    {
        if (version != Version || moment == StateMoment.End)
            return;
        var before = data.Deserialize(EventFormat.Default.IReadOnlyListEventDocument) ?? [];
        lock (_lock)
            _events = [.. before.Concat(_events).DistinctBy(one => one.Id).TakeLast(Most)];
    }

    private void Add(Func<EventDocument, EventDocument> change)
    {
        lock (_lock)
        {
            _now = change(_now) with { Number = _now.Number + 1, At = _clock.GetUtcNow(), IsDraining = _drain.IsOn };
            _events = [.. _events.Append(_now).TakeLast(Most)];
            foreach (var stream in _streams)
            {
                if (!stream.Writer.TryWrite(_now))
                    stream.Writer.TryComplete();
            }

            if (!IsOver)
                return;
            _streams.ForEach(stream => stream.Writer.TryComplete());
            _streams.Clear();
        }
    }

    // One of a later generation was of a successor that was rolled back: nothing tells what else its client has seen.
    private IReadOnlyList<EventDocument> Since(string last) =>
        last.Split('-') is [var first, var second]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
        && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && generation <= _now.Generation
            ? [.. _events.Where(one => (one.Generation, one.Number).CompareTo((generation, number)) > 0)]
            : _events;
}
