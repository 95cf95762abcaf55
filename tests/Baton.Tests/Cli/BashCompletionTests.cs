using Baton.Tests.Admin;
using Xunit;

namespace Baton.Tests.Cli;

/// <summary>What a real bash offers with the script of <c>baton completion bash</c>.</summary>
public sealed class BashCompletionTests(BashCompletionTests.Script script) : IClassFixture<BashCompletionTests.Script>
{
    [Theory]
    [InlineData("up", "upgrade")]
    [InlineData("", "run check status upgrade drain health version completion --help --version --config --set --init")]
    [InlineData("status --", "--watch --json --config --socket --timeout --help")]
    [InlineData("status --w", "--watch")]
    [InlineData("upgrade --until ", "drained proven")]
    [InlineData("upgrade --until = pro", "proven")]
    [InlineData("upgrade --timeout ", "")]
    [InlineData("health --re", "--ready")]
    [InlineData("completion ", "bash --help")]
    [InlineData("check --config two", "two words.json")]
    [InlineData("--config = on", "one.json")]
    [InlineData("run --config on", "one.json")]
    public async Task It_offers_what_may_come_next(string typed, string offered) =>
        Assert.Equal(offered, await script.CompleteAsync(typed.Split(' ')));

    /// <summary>The script, beside files to be found.</summary>
    public sealed class Script : IAsyncLifetime
    {
        private readonly string _directory = Directory.CreateTempSubdirectory("baton-completion-").FullName;

        public async ValueTask InitializeAsync()
        {
            var run = await BatonCommand.RunAsync(null, "completion", "bash");
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
            await File.WriteAllTextAsync(Path.Combine(_directory, "baton"), run.Output);
            foreach (var file in new[] { "one.json", "two words.json" })
                await File.WriteAllTextAsync(Path.Combine(_directory, file), "{}");
        }

        /// <summary>What is offered for the last word.</summary>
        public async Task<string> CompleteAsync(IReadOnlyList<string> words)
        {
            const string Ask = "set -u; . ./baton; complete -p baton > /dev/null || exit 9; COMP_WORDS=(baton \"$@\"); COMP_CWORD=$#; _baton; printf '%s\\n' \"${COMPREPLY[@]}\"";
            var run = await ProgramRun.OfAsync(["bash", "--norc", "-c", Ask, "bash", .. words], TimeSpan.FromSeconds(20), [], _directory);
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
            return string.Join(' ', run.Output.TrimEnd().Split('\n'));
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(_directory, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
