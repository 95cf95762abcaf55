namespace Baton.Handover;

/// <summary>What the rehearsal of an upgrade has learned: what the upgrade would do, and what it would take.</summary>
/// <param name="Kept">Addresses of the listeners that the successor would take over.</param>
/// <param name="Added">Addresses that it has bound for this, and has let go of again; null if its build does not say.</param>
/// <param name="Removed">Addresses of the listeners that it has no use for: the upgrade would close them.</param>
public sealed record RehearsalReport(IReadOnlyList<string> Kept, IReadOnlyList<string>? Added, IReadOnlyList<string> Removed)
{
    /// <summary>The memory that the successor had resident when it was ready, in bytes; null if it could not be read.</summary>
    public long? ResidentBytes { get; init; }

    /// <summary>
    /// The same with each page divided by the number of processes that share it, such as those of the program itself: what the
    /// successor takes beside its predecessor. Null if it could not be read.
    /// </summary>
    public long? ProportionalBytes { get; init; }

    /// <summary>What it has warned of while it prepared, at most twenty; empty if its build does not say.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
