using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Baton.Requests;

/// <summary>A route's transforms, of which the last before sending and the first after the answer are the moments to measure between.</summary>
internal sealed class MeasuredTransformer(HttpTransformer inner, ServedRequest request, TimeProvider clock) : HttpTransformer
{
    private long _sent;

    public override ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var transforming = inner.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        if (!transforming.IsCompletedSuccessfully)
            return AwaitAsync(transforming);
        _sent = clock.GetTimestamp();
        return ValueTask.CompletedTask;
    }

    public override ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is not null) // Without an answer it is called to let transforms see the failure.
            request.UpstreamTime = clock.GetElapsedTime(_sent);
        return inner.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
    }

    public override ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken) =>
        inner.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);

    private async ValueTask AwaitAsync(ValueTask transforming)
    {
        await transforming;
        _sent = clock.GetTimestamp();
    }
}
