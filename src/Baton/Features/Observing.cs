using Baton.Requests;
using Microsoft.AspNetCore.Builder;

namespace Baton.Features;

/// <summary>Measures what is served, for the access log and the metrics.</summary>
internal static class Observing
{
    /// <summary>Add it right after the hand-over's tracking: a request that is told of here is still in flight there.</summary>
    public static void UseObservation(this WebApplication app) => app.UseMiddleware<RequestObservation>();
}
