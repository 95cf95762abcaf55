using Baton.Cli;
using Baton.Handover;
using Xunit;

namespace Baton.Tests.Admin;

/// <summary>How the steps of an upgrade are shown.</summary>
public sealed class ProgressOutputTests : IDisposable
{
    private readonly StringWriter _text = new() { NewLine = "\n" };

    public void Dispose() => _text.Dispose();

    [Fact]
    public void A_terminal_shows_one_line_that_changes()
    {
        var output = new ProgressOutput(_text, isTerminal: true, TimeProvider.System);
        output.Step("launching");
        output.Step("launching");
        output.Step("draining 2 requests");
        output.Line("done");

        Assert.Equal("\r\u001b[2Klaunching\r\u001b[2Kdraining 2 requests\ndone\n", _text.ToString());
    }

    [Fact]
    public void A_terminal_shows_a_bar_and_no_step_runs_over_its_edge()
    {
        var output = new ProgressOutput(_text, isTerminal: true, TimeProvider.System) { Width = 46 };
        output.Step("draining 2 requests", 0);
        output.Step("draining 1 request", 0.58);
        output.Step("draining 123456 requests and 1 connection", 1);

        Assert.Equal(
            "\r\u001b[2Kdraining 2 requests [....................] 0 %\r\u001b[2Kdraining 1 request [###########.........] 58 %\r\u001b[2Kdraining 123456 requests and 1 connection [###",
            _text.ToString());
    }

    [Fact]
    public void The_share_is_of_what_was_open_when_the_drain_began()
    {
        var share = new DrainShare();
        share.Remember(new DrainProgress(3, 1, 0));
        share.Begin();
        share.Remember(new DrainProgress(100, 100, 0));

        Assert.Equal(0.25, share.Of(new DrainProgress(2, 1, 0)));
        Assert.Equal(0.75, share.Of(new DrainProgress(1, 0, 0)));
        Assert.Equal(1, share.Of(new DrainProgress(0, 0, 0)));
        Assert.Null(new DrainShare().Of(new DrainProgress(0, 0, 0)));
    }

    [Fact]
    public void Elsewhere_each_step_is_a_line_and_numbers_that_change_are_not()
    {
        var output = new ProgressOutput(_text, isTerminal: false, TimeProvider.System);
        output.Step("launching");
        output.Step("draining 2 requests");
        output.Step("draining 1 request", 0.5);
        output.Line("done");

        Assert.Equal("launching\ndraining 2 requests\ndone\n", _text.ToString());
    }
}
