using System.CommandLine;

namespace Baton.Cli;

/// <summary><c>baton completion</c>: prints what lets a shell complete the other verbs.</summary>
internal static class CompletionCommand
{
    private const string Bash = "bash";

    public static Command Create(RootCommand root)
    {
        var shell = new Argument<string>("shell") { Description = "The shell that is to complete.", HelpName = Bash };
        shell.AcceptOnlyFromAmong(Bash);
        var command = new Verb("completion", """
            Prints a script that lets the shell complete verbs, options and their values.

            install.sh and the .deb put it where bash-completion finds it.

            Exit code: 0; 2 wrong usage.

            Example:
              source <(baton completion bash)
              baton completion bash > ~/.local/share/bash-completion/completions/baton
            """)
        {
            shell,
        };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(BashCompletion.ScriptFor(root)));
        return command;
    }
}
