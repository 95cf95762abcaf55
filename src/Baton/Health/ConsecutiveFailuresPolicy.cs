using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Baton.Health;

/// <summary>
/// The active health policy <c>ConsecutiveFailures</c>, with a history that can be passed on to a successor; that of YARP's
/// own policy is private.
/// </summary>
/// <remarks>
/// It behaves like YARP's but in one: a destination of which nothing is known yet is unhealthy with its first failed probe.
/// The threshold is there so that one lost probe does not take a good destination out; one that never answered has nothing
/// to lose, and would get requests until the next probes.
/// </remarks>
internal sealed class ConsecutiveFailuresPolicy(
    IOptions<ConsecutiveFailuresHealthPolicyOptions> options,
    IDestinationHealthUpdater updater,
    TimeProvider clock) : IActiveHealthCheckPolicy
{
    // Results and what a predecessor knew come on threads of their own, and either looks at what is there before it decides.
    private readonly Lock _lock = new();
    private readonly ConditionalWeakTable<DestinationState, ProbeHistory> _histories = [];

    public string Name => HealthCheckConstants.ActivePolicy.ConsecutiveFailures;

    public void ProbingCompleted(ClusterState cluster, IReadOnlyList<DestinationProbingResult> probingResults)
    {
        var threshold = ThresholdOf(cluster);
        lock (_lock)
            updater.SetActive(cluster, [.. probingResults.Select(result => new NewActiveDestinationHealth(result.Destination, Judge(result, threshold)))]);
    }

    /// <summary>Health and history of a destination, as they belong together.</summary>
    public (DestinationHealth Health, long Failures, DateTimeOffset? ProbedAt) Get(DestinationState destination)
    {
        lock (_lock)
        {
            _histories.TryGetValue(destination, out var history);
            return (destination.Health.Active, history?.Failures ?? 0, history?.ProbedAt);
        }
    }

    /// <summary>
    /// Goes on with what the predecessor has seen. A successful probe of our own that came later stands; failed ones are
    /// counted as if they had followed those of the predecessor.
    /// </summary>
    public void Continue(ClusterState cluster, DestinationState destination, DestinationHealth health, long failures, DateTimeOffset? probedAt)
    {
        lock (_lock)
        {
            var history = _histories.GetOrCreateValue(destination);
            if (history.ProbedAt is null || probedAt >= history.ProbedAt)
                (history.OwnFailures, history.ProbedAt) = (0, probedAt);
            else if (history.Failures == 0)
                return;

            history.InheritedFailures = failures;
            if (history.OwnFailures > 0 && history.Failures >= ThresholdOf(cluster))
                health = DestinationHealth.Unhealthy;
            if (health != DestinationHealth.Unknown)
                updater.SetActive(cluster, [new NewActiveDestinationHealth(destination, health)]);
        }
    }

    private DestinationHealth Judge(DestinationProbingResult result, double threshold)
    {
        var history = _histories.GetOrCreateValue(result.Destination);
        history.ProbedAt = clock.GetUtcNow();
        if (result.Response is { IsSuccessStatusCode: true })
        {
            (history.InheritedFailures, history.OwnFailures) = (0, 0);
            return DestinationHealth.Healthy;
        }

        var before = result.Destination.Health.Active;
        history.OwnFailures++;
        return history.Failures < threshold && before != DestinationHealth.Unknown ? before : DestinationHealth.Unhealthy;
    }

    private double ThresholdOf(ClusterState cluster) =>
        cluster.Model.Config.Metadata?.TryGetValue(ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName, out var text) == true
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold)
            ? threshold
            : options.Value.DefaultThreshold;
}
