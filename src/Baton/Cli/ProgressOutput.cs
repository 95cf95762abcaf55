namespace Baton.Cli;

/// <summary>Where an upgrade shows its steps: one line that changes on a terminal, one line a step elsewhere.</summary>
/// <param name="output">Where to.</param>
/// <param name="isTerminal">Whether a line can be written over.</param>
/// <param name="clock">The time.</param>
internal sealed class ProgressOutput(TextWriter output, bool isTerminal, TimeProvider clock)
{
    // Numbers that change while a step lasts would fill a log.
    private static readonly TimeSpan LeastBetweenLines = TimeSpan.FromSeconds(2);

    // "erase in line"; ECMA-48, 8.3.41.
    private const string EraseLine = "\r\u001b[2K";

    private string _last = "";
    private long _writtenAt;
    private bool _isOpen;

    public void Step(string text)
    {
        if (text == _last)
            return;
        if (isTerminal)
        {
            output.Write($"{EraseLine}{text}");
            _isOpen = true;
        }
        else
        {
            if (Kind(text) == Kind(_last) && clock.GetElapsedTime(_writtenAt) < LeastBetweenLines)
                return;
            output.WriteLine(text);
        }

        _last = text;
        _writtenAt = clock.GetTimestamp();
    }

    /// <summary>A line that stays.</summary>
    public void Line(string text)
    {
        End();
        output.WriteLine(text);
    }

    /// <summary>Leaves the line that changes as it is.</summary>
    public void End()
    {
        if (_isOpen)
            output.WriteLine();
        _isOpen = false;
    }

    private static string Kind(string text) => text.Split(' ', 2)[0];
}
