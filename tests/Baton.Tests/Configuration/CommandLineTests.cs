using Baton.Cli;
using Baton.Configuration;
using Baton.Handover;
using Xunit;

namespace Baton.Tests.Configuration;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData]
    [InlineData("run")]
    public async Task The_root_does_what_run_does(params string[] verb)
    {
        RunArguments? given = null;
        var code = await CommandLine.RunAsync(
            [.. verb, "--config", "a.json", "--set", "Baton:A=1", "--set", "Baton:B=2"],
            arguments =>
            {
                given = arguments;
                return Task.CompletedTask;
            });

        Assert.Equal(0, code);
        Assert.Equal("a.json", given?.Config);
        Assert.Equal(["Baton:A=1", "Baton:B=2"], given!.Overrides);
    }

    [Theory]
    [InlineData("--confg", "x")]
    [InlineData("walk")]
    [InlineData("run", "--config")]
    [InlineData("run", "extra")]
    [InlineData("upgrade", "--timeout", "0")]
    [InlineData("upgrade", "--timeout", "601")]
    [InlineData("upgrade", "--timeout", "soon")]
    [InlineData("upgrade", "--until", "later")]
    [InlineData("status", "--timeout", "soon")]
    [InlineData("completion", "zsh")]
    [InlineData("upgrade", "--no-wait", "--verify")]
    [InlineData("upgrade", "--dry-run", "--no-wait")]
    [InlineData("upgrade", "--dry-run", "--verify")]
    [InlineData("upgrade", "--dry-run", "--until", "proven")]
    public async Task An_argument_that_is_not_known_exits_with_2(params string[] args) =>
        Assert.Equal(2, await CommandLine.RunAsync(args, _ => throw new InvalidOperationException("served")));

    [Fact]
    public async Task A_configuration_error_exits_with_1() =>
        Assert.Equal(1, await CommandLine.RunAsync([], _ => throw new ConfigurationException([new ConfigurationError("here", "wrong")])));

    [Fact]
    public void A_failure_that_an_operator_can_mend_is_said_in_lines_and_a_fault_of_ours_is_not()
    {
        Assert.Equal(["here: wrong"], FailureText.Of(new ConfigurationException([new ConfigurationError("here", "wrong")])));
        Assert.Equal(["baton: taken"], FailureText.Of(new IOException("taken")));
        Assert.Equal(["baton: one", "baton: two"], FailureText.Of(new HandoverException(["one", "two"])));
        Assert.Null(FailureText.Of(new InvalidOperationException("ours")));
    }

    [Fact]
    public async Task Version_is_that_of_the_build()
    {
        Assert.Equal(0, await CommandLine.RunAsync(["version"], _ => throw new InvalidOperationException("served")));
        Assert.Matches(@"^\d+\.\d+\.\d+", ProgramVersion.Text);
    }
}
