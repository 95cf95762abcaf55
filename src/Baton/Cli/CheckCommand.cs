using System.CommandLine;
using Baton.Configuration;

namespace Baton.Cli;

/// <summary><c>baton check</c>: is the configuration one that this program would serve with?</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", """
            Reads and validates the configuration as 'baton run' does, with the certificates that it names, and serves nothing.
            Needs no running daemon.

            Exit code: 0 valid; 1 not valid, with every error; 2 wrong usage.

            Example:
              baton check --config /etc/baton/baton.json
            """);
        RunCommand.AddTo(command, CheckAsync);
        return command;
    }

    private static async Task CheckAsync(RunArguments arguments)
    {
        var loader = new ConfigurationLoader(
            ConfigurationFile.Find(arguments.Config),
            ProcessEnvironment.WithPrefix(SettingSources.EnvironmentPrefix),
            arguments.Overrides);
        var configuration = await loader.LoadAsync();
        var errors = CertificateCheck.Errors(configuration.Settings);
        if (errors.Count > 0)
            throw new ConfigurationException(errors, configuration.Warnings);

        foreach (var warning in configuration.Warnings)
            await Console.Error.WriteLineAsync($"{warning} (a warning only)");
        await Console.Out.WriteLineAsync($"{loader.File} is valid for baton {ProgramVersion.Text}.");
    }
}
