using Baton.Cli;
using Baton.Handover;
using Xunit;

namespace Baton.Tests.Cli;

/// <summary>The steps of an upgrade in words, of which some last too short to be seen of a real daemon.</summary>
public sealed class UpgradeStepTests
{
    [Fact]
    public void The_predecessor_is_asked_launches_and_waits_for_its_successor()
    {
        var asked = StatusDocuments.Draining with { Generation = 1, Pid = 7, Version = "0.1.0", Phase = HandoverPhase.Serving, SuccessorPid = null };
        var launching = asked with { Phase = HandoverPhase.Launching };
        var preparing = launching with { SuccessorPid = 8 };

        Assert.Equal("asked generation 1 (pid 7, version 0.1.0)", UpgradeText.Before(asked));
        Assert.Equal("launching", UpgradeText.Before(launching));
        Assert.Equal("preparing: pid 8", UpgradeText.Before(preparing));
        Assert.Equal("warming up: pid 8", UpgradeText.Before(preparing with { IsSuccessorWarmingUp = true }));
    }
}
