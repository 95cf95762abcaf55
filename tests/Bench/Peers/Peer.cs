using System.Text;

namespace Baton.Bench.Peers;

/// <summary>One of the proxies that are compared: how it is configured, started and upgraded.</summary>
internal abstract class Peer(string name)
{
    /// <summary>As on the command line and in the head of the table.</summary>
    public string Name { get; } = name;

    /// <summary>Whether it can take a new configuration without losing its listeners.</summary>
    public virtual bool CanUpgrade => true;

    /// <summary>Whether its first process stays for good, so that an upgrade replaces the others alone.</summary>
    public virtual bool KeepsFirstProcess => true;

    /// <summary>Whether its code is compiled, and compiled again, while it runs: then it is warm later than the others.</summary>
    public virtual bool CompilesAsItRuns => false;

    /// <summary>What its processes get in their environment beyond ours.</summary>
    public virtual IReadOnlyList<string> Environment => [];

    /// <summary>What prints its version.</summary>
    public abstract IReadOnlyList<string> VersionCommand { get; }

    /// <summary>Writes the configuration of a generation, numbered from 1.</summary>
    /// <param name="site">Where to.</param>
    /// <param name="generation">Its answers show whether this is even: <see cref="IsEven"/>.</param>
    /// <param name="routes">How many routes, each with a cluster of its own, beside the two that are always there.</param>
    public abstract void Configure(Site site, int generation, int routes);

    /// <summary>The command that stays in the foreground.</summary>
    public abstract IReadOnlyList<string> Command(Site site);

    /// <summary>Asks the running proxy to take the configuration that was just written.</summary>
    public abstract Task TriggerAsync(PeerProcess process);

    /// <summary>Whether an answer with this head comes from an even generation.</summary>
    public virtual bool IsEven(ReadOnlySpan<byte> head)
    {
        // HAProxy writes names in lower case.
        var label = "eneration: "u8;
        var digits = head[(head.IndexOf(label) + label.Length)..];
        return (digits[digits.IndexOf((byte)'\r') - 1] - '0') % 2 == 0;
    }

    protected static string Lines(int count, Func<int, string> line)
    {
        var text = new StringBuilder();
        for (var i = 1; i <= count; i++)
            text.AppendLine(line(i));
        return text.ToString();
    }
}
