namespace Baton.Handover.Hosting;

/// <summary>
/// Endpoint metadata: requests to it are the application's own business, such as its administration, and are not counted as
/// served. A successor is not judged by them.
/// </summary>
public sealed class NotTraffic;
