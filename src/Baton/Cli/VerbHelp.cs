using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Baton.Cli;

/// <summary><c>--help</c>: the library's, and below it what the verb itself has to say.</summary>
/// <param name="library">The library's help.</param>
/// <param name="ofRoot">What the root has to say.</param>
internal sealed class VerbHelp(HelpAction library, string ofRoot) : SynchronousCommandLineAction
{
    public static void AddTo(RootCommand root, string details)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new VerbHelp((HelpAction)option.Action!, details);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = library.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine((parseResult.CommandResult.Command as Verb)?.Details ?? ofRoot);
        return code;
    }
}
