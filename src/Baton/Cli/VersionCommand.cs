using System.CommandLine;

namespace Baton.Cli;

/// <summary><c>baton version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Verb("version", """
            Prints the version of this program.

            Exit code: 0; 2 wrong usage.

            Example:
              baton version       prints, say: baton 0.1.0
            """);
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine($"baton {ProgramVersion.Text}"));
        return command;
    }
}
