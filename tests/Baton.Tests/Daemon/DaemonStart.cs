namespace Baton.Tests.Daemon;

/// <summary>How a daemon is started; every value has an ordinary default.</summary>
public sealed record DaemonStart
{
    /// <summary>The executable, or a wrapper such as nohup and the executable. Default: <see cref="DaemonExecutable.Command"/>.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>The arguments; {config} stands for the configuration file. Default: <c>run --config {config}</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = ["run", "--config", "{config}"];

    /// <summary>Default: the daemon's own temporary directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Added to the test's environment; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Addresses in the banner that the start waits for. Default: 1.</summary>
    public int Listeners { get; init; } = 1;

    /// <summary>The time until generation 1 must be ready. Default: 30 seconds.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time that a generation has to obey SIGTERM at the end of the test before it gets SIGKILL. Default: 5 seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}
