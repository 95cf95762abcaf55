namespace Baton.Handover.Hosting;

/// <summary>
/// Asks clients to take their connections elsewhere while this generation goes on accepting and serving: for a load balancer
/// in front that is to send them to another machine. Nothing is closed under a request, and silent connections stay.
/// </summary>
public sealed class LeaveSwitch
{
    private volatile bool _isOn;

    /// <summary>
    /// While set, HTTP/1.x answers say <c>Connection: close</c>, and an HTTP/2 connection gets GOAWAY when it is used; requests
    /// to <see cref="NotTraffic"/> endpoints do not count. Default: false.
    /// </summary>
    public bool IsOn
    {
        get => _isOn;
        set => _isOn = value;
    }
}
