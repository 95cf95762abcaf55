using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Baton.Requests;

/// <summary>The outermost forwarder: it measures how long the destination takes, and says why a request failed there.</summary>
internal sealed class MeasuredForwarder(IHttpForwarder inner, TimeProvider clock) : IHttpForwarder
{
    public ValueTask<ForwarderError> SendAsync(
        HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer) =>
        SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, CancellationToken.None);

    public async ValueTask<ForwarderError> SendAsync(
        HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer, CancellationToken cancellationToken)
    {
        if (context.Features.Get<ServedRequest>() is not { } request)
            return await inner.SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, cancellationToken);

        request.UpstreamTime = null;
        var error = await inner.SendAsync(context, destinationPrefix, httpClient, requestConfig, new MeasuredTransformer(transformer, request, clock), cancellationToken);

        // At once: what cancelled it, the client or a timeout, can be told apart only now. YARP itself may have ended the
        // connection, and that looks like the client's doing a moment later.
        request.End = error == ForwarderError.None ? RequestEnd.Completed : ForwarderEnds.Of(context, error);

        // YARP takes a route's Timeout for a client that has gone, and would blame the request for it.
        if (request.End == RequestEnd.TimedOut && !context.Response.HasStarted)
            context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
        return error;
    }
}
