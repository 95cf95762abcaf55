using System.Globalization;
using Baton.Handover.Sockets;

namespace Baton.Handover;

/// <summary>How one generation replaces another, and how it lets go of its connections.</summary>
public class HandoverOptions
{
    /// <summary>
    /// The time a successor has from its launch until it says <em>ready</em>; after it, the successor is killed and the
    /// predecessor serves on. More than zero, at most one hour. Default: 30 seconds.
    /// </summary>
    public TimeSpan ReadyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time that requests in flight and tunnels have to finish once a generation drains; what is left then is cut and
    /// named by route in the report. Zero cuts at once; at most one day. Default: 30 seconds.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time a draining generation keeps a connection that is idle or has not sent a byte yet, so that a request which
    /// is already on the wire is still answered. Zero closes it at once; at most <see cref="DrainTimeout"/>.
    /// Default: 2 seconds.
    /// </summary>
    public TimeSpan IdleLinger { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The time between being asked to end and letting go of the listeners, for a load balancer in front to learn of it: the
    /// generation still accepts, but says that it is not ready. At most one hour. Default: zero.
    /// </summary>
    public TimeSpan ShutdownDelay { get; set; }

    /// <summary>
    /// The longest time over which a draining generation that has a successor spreads asking the connections to leave that
    /// cannot move (TLS, HTTP/2), so that not all of them come back in one instant; fewer than fifty a second are not held
    /// back. Zero asks all at once; at most one day, of which at most half of <see cref="DrainTimeout"/> is used. Default: 10
    /// seconds.
    /// </summary>
    public TimeSpan LeaveSpread { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The time after the takeover in which the predecessor stays, even when it is drained, and resumes if the successor
    /// dies. Zero means none: the predecessor goes as soon as it is drained. At most one hour. Default: 2 seconds.
    /// </summary>
    public TimeSpan Probation { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How much larger the share of 5xx answers, or of requests that failed at a destination, may be in the successor on
    /// probation than it was in the predecessor's last minute, as a number from 0 to 1; when it is larger, with at least
    /// twenty answers, the predecessor accepts again and the successor is told to go. 1 judges nothing. Default: 0.1.
    /// </summary>
    public double FailureMargin { get; set; } = 0.1;

    /// <summary>Mode and owner of the Unix-domain listeners that this generation binds.</summary>
    public UnixSocketOptions UnixSockets { get; set; } = new();

    /// <summary>Lists every value that is out of range; an empty list means that the options can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Require(nameof(ReadyTimeout), ReadyTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), errors);
        Require(nameof(DrainTimeout), DrainTimeout, TimeSpan.Zero, TimeSpan.FromDays(1), errors);
        Require(nameof(IdleLinger), IdleLinger, TimeSpan.Zero, TimeSpan.FromDays(1), errors);
        Require(nameof(ShutdownDelay), ShutdownDelay, TimeSpan.Zero, TimeSpan.FromHours(1), errors);
        Require(nameof(LeaveSpread), LeaveSpread, TimeSpan.Zero, TimeSpan.FromDays(1), errors);
        Require(nameof(Probation), Probation, TimeSpan.Zero, TimeSpan.FromHours(1), errors);
        if (IdleLinger > DrainTimeout)
            errors.Add($"IdleLinger is {IdleLinger}, longer than DrainTimeout ({DrainTimeout}), which would cut it short. Lower it or raise DrainTimeout.");
        if (!(FailureMargin is >= 0 and <= 1))
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"FailureMargin is {FailureMargin}, but it must lie between 0 and 1, as in 0.1."));
        errors.AddRange(UnixSockets.Validate());
        return errors;
    }

    private static void Require(string name, TimeSpan value, TimeSpan least, TimeSpan most, List<string> errors)
    {
        if (value < least || value > most)
            errors.Add($"{name} is {value}, but it must lie between {least} and {most}.");
    }
}
