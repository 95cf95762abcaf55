using System.Text.Json;
using Baton.Handover;
using Baton.Handover.Hosting;
using Microsoft.Extensions.Logging;

namespace Baton.Admin;

/// <summary>
/// <c>baton drain</c> and its undoing: the daemon says that it is not ready, so that a load balancer in front sends new clients
/// elsewhere, and asks those that it has to leave; it goes on accepting and serving. Kept over upgrades, not over a restart.
/// </summary>
internal sealed class DrainSwitch(LeaveSwitch leaving, TimeProvider clock, ILogger<DrainSwitch> log) : IStatePart
{
    private readonly Lock _lock = new();
    private DrainState? _state;

    /// <summary>Raised after it was switched.</summary>
    public event Action? Switched;

    public string Name => "drain";

    public int Version => 1;

    public bool IsOn => leaving.IsOn;

    /// <summary>Does nothing if it is so already.</summary>
    /// <param name="isOn">Whether clients are to go elsewhere.</param>
    /// <param name="origin">Who asks, for the log.</param>
    public void Set(bool isOn, string origin)
    {
        lock (_lock)
        {
            if (IsOn == isOn)
                return;
            leaving.IsOn = isOn;
            _state = new DrainState(isOn, clock.GetUtcNow());
        }

        if (isOn)
            log.Drained(origin);
        else
            log.Undrained(origin);
        Switched?.Invoke();
    }

    public JsonElement? Save()
    {
        lock (_lock)
            return _state is null ? null : JsonSerializer.SerializeToElement(_state, DrainFormat.Default.DrainState);
    }

    // A request may reach the predecessor when it has told this already, or this generation before the predecessor is done:
    // whatever was asked for last holds.
    public void Load(int version, JsonElement data, StateMoment moment)
    {
        if (version != Version || data.Deserialize(DrainFormat.Default.DrainState) is not { } state)
            return;
        lock (_lock)
        {
            if (_state is not null && _state.Since >= state.Since)
                return;
            (_state, leaving.IsOn) = (state, state.IsOn);
        }

        Switched?.Invoke();
    }
}
