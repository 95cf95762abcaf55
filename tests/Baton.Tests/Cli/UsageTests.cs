using Baton.Tests.Admin;
using Xunit;

namespace Baton.Tests.Cli;

/// <summary>What scripts and people rely on with every verb: exit codes, what goes where, and a hint after a slip of the hand.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("'statsu' is no verb of 'baton'. Did you mean status?", "statsu")]
    [InlineData("'--confg' is no option of 'baton'. Did you mean --config?", "--confg", "baton.json")]
    [InlineData("'--wach' is no option of 'baton status'. Did you mean --watch?", "status", "--wach")]
    [InlineData("'--hlep' is no option of 'baton drain'. Did you mean --help?", "drain", "--hlep")]
    [InlineData("'baton run' takes no 'extra'.", "run", "extra")]
    public async Task What_is_not_known_ends_with_2_and_the_nearest_name(string said, params string[] arguments)
    {
        var run = await BatonCommand.RunAsync(null, arguments);

        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.Equal("", run.Output);
        Assert.StartsWith(said, run.Errors, StringComparison.Ordinal);
        Assert.Equal(2, run.Errors.TrimEnd().Split('\n').Length);
    }

    [Theory]
    [InlineData]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("status")]
    [InlineData("upgrade")]
    [InlineData("drain")]
    [InlineData("health")]
    [InlineData("version")]
    [InlineData("completion")]
    public async Task Each_verb_has_help_with_exit_codes_and_an_example(params string[] verb)
    {
        var run = await BatonCommand.RunAsync(null, [.. verb, "--help"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("\nExit code:", run.Output, StringComparison.Ordinal);
        Assert.Contains($"\nExample:\n  ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"  {string.Join(' ', verb.Prepend("baton"))}", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check", "--config", "/nowhere/baton.json")]
    [InlineData("status", "--socket", "/nowhere/none.sock")]
    [InlineData("status", "--watch", "--json", "--socket", "/nowhere/none.sock")]
    [InlineData("upgrade", "--socket", "/nowhere/none.sock")]
    [InlineData("drain", "--socket", "/nowhere/none.sock")]
    [InlineData("drain", "--undo", "--config", "/nowhere/baton.json")]
    [InlineData("health", "--socket", "/nowhere/none.sock")]
    [InlineData("run", "--config", "/nowhere/baton.json")]
    public async Task What_cannot_be_done_ends_with_1_and_the_reason_on_standard_error(params string[] arguments)
    {
        var run = await BatonCommand.RunAsync(null, arguments);

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Equal("", run.Output);
        Assert.Contains("/nowhere/", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("completion bash")]
    [InlineData("--help")]
    [InlineData("check --json --config /nowhere/baton.json")]
    public async Task A_reader_that_has_seen_enough_is_no_error(string arguments)
    {
        var run = await ProgramRun.OfAsync(["bash", "-c", $"trap '' PIPE; {string.Join(' ', Daemon.DaemonExecutable.Command)} {arguments} | true; exit ${{PIPESTATUS[0]}}"]);

        Assert.Equal((arguments.StartsWith("check", StringComparison.Ordinal) ? 1 : 0, ""), (run.ExitCode, run.Errors));
    }
}
