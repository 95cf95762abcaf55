using Baton.Cli;
using Xunit;

namespace Baton.Tests.Cli;

/// <summary>How <c>--watch</c> draws.</summary>
public sealed class ScreenTests
{
    private const string Enter = "\u001b[?1049h\u001b[?25l";
    private const string Leave = "\u001b[?25h\u001b[?1049l";

    [Fact]
    public void It_writes_over_what_is_there_and_gives_the_terminal_back_as_it_was()
    {
        using var text = new StringWriter();
        using (var screen = new Screen(text))
            screen.Show(["one", "two"], width: 10, height: 5);

        Assert.Equal($"{Enter}\u001b[Hone\u001b[K\r\ntwo\u001b[K\u001b[J{Leave}", text.ToString());
    }

    [Fact]
    public void What_does_not_fit_is_left_out_and_colours_take_no_room()
    {
        using var text = new StringWriter();
        using (var screen = new Screen(text))
            screen.Show(["\u001b[32mabcdef\u001b[0m", "\u001b[1mabcd\u001b[0m", "gone"], width: 4, height: 2);

        Assert.Equal($"{Enter}\u001b[H\u001b[32mabcd\u001b[0m\r\n\u001b[1mabcd\u001b[0m\u001b[J{Leave}", text.ToString());
    }
}
