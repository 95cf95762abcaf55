namespace Baton.Bench.Transport;

/// <summary>What one server did under one load.</summary>
/// <param name="RequestsPerSecond">As the client counted.</param>
/// <param name="ProcessorSecondsPerRequest">User and kernel time of the server's process.</param>
internal sealed record Sample(double RequestsPerSecond, double ProcessorSecondsPerRequest);
