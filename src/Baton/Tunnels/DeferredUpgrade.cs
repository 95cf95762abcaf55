using Microsoft.AspNetCore.Http.Features;

namespace Baton.Tunnels;

/// <summary>
/// Stands in for the client's side of an upgrade while YARP works: it notes that YARP would switch now and has it relay
/// nothing, so that the response is ready and unsent when YARP returns.
/// </summary>
internal sealed class DeferredUpgrade : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => true;

    public bool IsAccepted { get; private set; }

    public Task<Stream> UpgradeAsync()
    {
        IsAccepted = true;
        return Task.FromResult(Stream.Null);
    }
}
