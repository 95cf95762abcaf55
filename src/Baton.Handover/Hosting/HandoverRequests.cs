using Baton.Handover.Transport;
using Microsoft.AspNetCore.Http;

namespace Baton.Handover.Hosting;

/// <summary>What the hand-over knows of a request.</summary>
public static class HandoverRequests
{
    /// <summary>
    /// Whether a drain's deadline has found this request unfinished, and ended it. One that was answered within the moment
    /// that tunnels have to take their leave is among them, too: look at what came of it first.
    /// </summary>
    public static bool WasCutByDrain(this HttpContext context) => context.Features.Get<HandoverConnection>() is { IsCut: true };
}
