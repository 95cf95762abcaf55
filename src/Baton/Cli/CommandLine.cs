using System.CommandLine;
using Baton.Logs;

namespace Baton.Cli;

/// <summary>The verbs and what they have in common: how errors are shown, and the exit codes.</summary>
internal static class CommandLine
{
    public const int Failure = 1;
    public const int WrongUsage = 2;
    public const int TimedOut = 3;

    /// <summary>128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;

    // What a verb needs to put the terminal in order.
    private static readonly TimeSpan EndOfVerb = TimeSpan.FromSeconds(2);

    /// <param name="args">The arguments of the process.</param>
    /// <param name="serve">Runs the proxy to its end.</param>
    public static async Task<int> RunAsync(string[] args, Func<RunArguments, Task> serve)
    {
        Journal.MarkErrors();
        var parsed = Create(serve).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not VerbHelp)
        {
            foreach (var line in UsageText.LinesOf(parsed))
                await Console.Error.WriteLineAsync(line);
            return WrongUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                // The library takes SIGTERM and SIGINT and ends the process after that time: not in the middle of a drain.
                ProcessTerminationTimeout = RunCommand.IsServing(parsed) ? null : EndOfVerb,
                EnableDefaultExceptionHandler = false,
            });
        }
        catch (OperationCanceledException) when (!RunCommand.IsServing(parsed))
        {
            return Interrupted;
        }
        catch (Exception e) when (FailureText.Of(e) is { } lines)
        {
            foreach (var line in lines)
                await Console.Error.WriteLineAsync(line);
            return Failure;
        }
    }

    private static RootCommand Create(Func<RunArguments, Task> serve)
    {
        var root = new RootCommand("""
            A reverse proxy that replaces its own binary in place, and no client notices.
            Without a verb it does what 'baton run' does.
            """);
        VerbHelp.AddTo(root, """
            'baton VERB --help' says more, with examples.

            Exit code: 0 done; 1 not done, with the reason on standard error; 2 wrong usage; 3 ('baton upgrade') not over in time;
            130 a verb was interrupted with Ctrl-C.

            Example:
              baton run --config /etc/baton/baton.json
              baton check --config /etc/baton/baton.json
              baton upgrade       the program that is installed now takes over
              baton status        what it does
              kill -TERM <pid>    finishes what is in flight and ends
            """);
        RunCommand.AddTo(root, serve);
        root.Subcommands.Add(RunCommand.Create(serve));
        root.Subcommands.Add(CheckCommand.Create());
        root.Subcommands.Add(StatusCommand.Create());
        root.Subcommands.Add(UpgradeCommand.Create());
        root.Subcommands.Add(DrainCommand.Create());
        root.Subcommands.Add(HealthCommand.Create());
        root.Subcommands.Add(VersionCommand.Create());
        root.Subcommands.Add(CompletionCommand.Create(root));
        return root;
    }
}
