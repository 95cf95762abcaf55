using System.Globalization;

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

    private const int BarWidth = 20;

    // 0.58 * 100 is a little less than 58; and 100 % is to be shown for nothing less.
    private const double Rounding = 1e-6;

    private string _last = "";
    private long _writtenAt;
    private bool _isOpen;

    /// <summary>Columns of the terminal: a step that ran over its edge could not be written over.</summary>
    public int Width { get; init; } = int.MaxValue;

    /// <param name="text">What is done.</param>
    /// <param name="share">How much of it is done, from 0 to 1, for a bar on a terminal; null if that is not known.</param>
    public void Step(string text, double? share = null)
    {
        if (isTerminal && share is { } done)
            text = $"{text} {Bar(done)}";
        if (text == _last)
            return;
        if (isTerminal)
        {
            output.Write($"{EraseLine}{text[..Math.Min(text.Length, Width)]}");
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

    private static string Bar(double done)
    {
        var full = (int)(Math.Clamp(done, 0, 1) * BarWidth);
        return string.Create(CultureInfo.InvariantCulture, $"[{new string('#', full)}{new string('.', BarWidth - full)}] {Math.Floor((done * 100) + Rounding)} %");
    }

    private static string Kind(string text) => text.Split(' ', 2)[0];
}
