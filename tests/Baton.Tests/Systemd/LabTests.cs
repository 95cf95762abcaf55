using Baton.Tests.Daemon;
using Baton.Tests.Releases;
using Xunit;

namespace Baton.Tests.Systemd;

/// <summary>What the tests of the service in the lab have in common. They run one after the other, for there is one service.</summary>
[Collection("One service in the lab")]
public abstract class LabTests(SystemdLab lab, ReleaseArchive archive) : IAsyncLifetime
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected SystemdLab Lab => lab;

    protected ReleaseArchive Archive => archive;

    /// <summary>Where the service listens on 127.0.0.1.</summary>
    protected int Port { get; } = FreePort.Next();

    public virtual async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(SystemdLab.Missing is not null, SystemdLab.Missing ?? "");
        await lab.BootAsync(archive, Token);
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>One endpoint at <see cref="Port"/>, and a short probation.</summary>
    protected ConfigBuilder Config() => new ConfigBuilder().Listen($"http://127.0.0.1:{Port}").Baton("Probation", "00:00:00.300");
}
