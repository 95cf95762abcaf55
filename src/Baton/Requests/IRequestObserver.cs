using Microsoft.AspNetCore.Http;

namespace Baton.Requests;

/// <summary>Is told of every request to the proxy that has ended: the access log, the metrics. Registered as a service.</summary>
internal interface IRequestObserver
{
    /// <summary>
    /// Called on the request's own path, before the connection takes the next one: it must neither wait nor throw. Requests of
    /// the admin interface, canaries and the warm-up are not told of.
    /// </summary>
    void OnEnded(HttpContext context, ServedRequest request);
}
