namespace Baton.Bench.Peers;

/// <summary>Which number of a line is the best.</summary>
internal enum Best
{
    Least,
    Most,

    /// <summary>None: the line explains others.</summary>
    None,
}
