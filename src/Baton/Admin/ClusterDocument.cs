namespace Baton.Admin;

/// <summary>A cluster and how its destinations are.</summary>
internal sealed record ClusterDocument(string Id, IReadOnlyList<DestinationDocument> Destinations);

/// <summary>A destination and why it gets requests or not.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Address">Its address.</param>
/// <param name="IsAvailable">Whether it gets requests.</param>
/// <param name="Why">In words: "no checks are configured", "answers probes", "3 probes in a row failed, the last 2 s ago", "out until … for failed requests".</param>
/// <param name="Requests">Requests it is answering.</param>
internal sealed record DestinationDocument(string Id, string Address, bool IsAvailable, string Why, int Requests);
