using System.Globalization;
using Baton.Admin;

namespace Baton.Cli;

/// <summary>What it means that the daemon is taken out of the load balancer in front, in words.</summary>
internal static class DrainText
{
    public const string IsDraining = "taken out of the load balancer in front: not ready, but serves on; 'baton drain --undo' ends that";

    /// <summary>What is so after <c>baton drain</c> and <c>baton drain --undo</c>.</summary>
    public static string Of(StatusDocument now) => now.IsDraining
        ? Invariant($"{Who(now)} is not ready from now on (/readyz, 'baton health --ready'), so that a load balancer in front sends no new clients. It goes on accepting and serving whoever comes, and so do its successors; what is open is in 'baton status'. 'baton drain --undo' ends it.")
        : Invariant($"{Who(now)} is ready for traffic (/readyz, 'baton health --ready').");

    private static string Who(StatusDocument now) => Invariant($"Generation {now.Generation} (pid {now.Pid})");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
