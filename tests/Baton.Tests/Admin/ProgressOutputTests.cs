using Baton.Cli;
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
    public void Elsewhere_each_step_is_a_line_and_numbers_that_change_are_not()
    {
        var output = new ProgressOutput(_text, isTerminal: false, TimeProvider.System);
        output.Step("launching");
        output.Step("draining 2 requests");
        output.Step("draining 1 request");
        output.Line("done");

        Assert.Equal("launching\ndraining 2 requests\ndone\n", _text.ToString());
    }
}
