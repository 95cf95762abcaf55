namespace Baton.Bench.Peers;

/// <summary>One part of the benchmark. It can be run again: each round adds to the measurements.</summary>
internal interface IPart
{
    Task RunAsync(Run run);
}
