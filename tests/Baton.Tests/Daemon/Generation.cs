namespace Baton.Tests.Daemon;

/// <summary>A generation that has said it is ready.</summary>
/// <param name="Number">From 1 on.</param>
/// <param name="Pid">Its main pid.</param>
/// <param name="Version">The version of its build.</param>
/// <param name="StartTime">When the process began, in clock ticks since boot; 0 if it was gone before it was looked at.</param>
public sealed record Generation(int Number, int Pid, string Version, long StartTime);
