using System.Globalization;

namespace Baton.Tests.Daemon;

/// <summary>
/// Everything that the generations write to the standard output and error they share, and what can be read in it.
/// </summary>
public sealed class DaemonLog
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<string> _output = [];
    private readonly List<Generation> _generations = [];
    private readonly List<string> _addresses = [];

    /// <summary>The generations that said they are ready, in that order.</summary>
    public IReadOnlyList<Generation> Generations
    {
        get { lock (_gate) return [.. _generations]; }
    }

    /// <summary>The addresses of the banner, each once, in that order.</summary>
    public IReadOnlyList<string> Addresses
    {
        get { lock (_gate) return [.. _addresses]; }
    }

    public IReadOnlyList<string> Lines
    {
        get { lock (_gate) return [.. _lines]; }
    }

    public override string ToString() => string.Join(Environment.NewLine, Lines);

    /// <summary>Events of level WRN, ERR or FTL, and crashes, of which no text of <paramref name="announced"/> is a part.</summary>
    public IReadOnlyList<string> UnexpectedWarnings(params IReadOnlyList<string> announced) =>
        [.. Events().Where(IsWarning).Where(text => !DaemonLogPatterns.Standstill().IsMatch(text)).Where(text => !announced.Any(part => text.Contains(part, StringComparison.Ordinal)))];

    /// <summary>Log events with all their lines; a line outside of an event stands alone.</summary>
    public IReadOnlyList<string> Events()
    {
        var events = new List<string>();
        var open = false;
        foreach (var line in Lines)
        {
            var begins = DaemonLogPatterns.Event().IsMatch(line);
            if (open && !begins && (line.StartsWith(' ') || line.Contains("Exception", StringComparison.Ordinal)))
            {
                events[^1] += Environment.NewLine + line;
                continue;
            }
            events.Add(line);
            open = begins || DaemonLogPatterns.Crash().IsMatch(line);
        }
        return events;
    }

    /// <summary>
    /// Log events with everything that follows them on the standard output: a reason in an event may begin like any line.
    /// </summary>
    public IReadOnlyList<string> OutputEvents()
    {
        var events = new List<string>();
        lock (_gate)
        {
            foreach (var line in _output)
            {
                if (DaemonLogPatterns.Event().IsMatch(line))
                    events.Add(line);
                else if (events.Count > 0)
                    events[^1] += Environment.NewLine + line;
            }
        }
        return events;
    }

    internal void Add(string line, bool isOutput = true)
    {
        lock (_gate)
        {
            _lines.Add(line);
            if (isOutput)
                _output.Add(line);
            if (DaemonLogPatterns.Ready().Match(line) is { Success: true } ready)
            {
                var pid = Number(ready.Groups["pid"]);
                _generations.Add(new Generation(
                    Number(ready.Groups["number"]), pid, ready.Groups["version"].Value, ProcessState.Read(pid)?.StartTime ?? 0));
            }
            if (DaemonLogPatterns.Listening().Match(line) is { Success: true } listening)
            {
                var address = listening.Groups["address"].Value.TrimEnd('.', '/');
                if (!_addresses.Contains(address))
                    _addresses.Add(address);
            }
        }
    }

    private static bool IsWarning(string text) =>
        DaemonLogPatterns.Event().Match(text) is { Success: true } begin
            ? begin.Groups["level"].Value is "WRN" or "ERR" or "FTL"
            : DaemonLogPatterns.Crash().IsMatch(text);

    private static int Number(System.Text.RegularExpressions.Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);
}
