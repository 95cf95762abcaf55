using System.CommandLine;
using System.Globalization;
using Baton.Configuration;

namespace Baton.Cli;

/// <summary>The options that every verb has that talks to a running daemon: which one, and how long to wait for it.</summary>
internal static class DaemonOptions
{
    public static Option<string?> Config() => new("--config")
    {
        Description = "The configuration that the daemon runs with; without it config/baton.json, or else /etc/baton/baton.json.",
        HelpName = "FILE",
    };

    public static Option<string?> Socket() => new("--socket") { Description = "The daemon's admin socket, if it is not to be looked for.", HelpName = "PATH" };

    /// <param name="description">What is waited for.</param>
    /// <param name="seconds">The default.</param>
    /// <param name="most">The longest, in seconds.</param>
    public static Option<int> Timeout(string description, int seconds, double most)
    {
        var timeout = new Option<int>("--timeout") { Description = description, HelpName = "SECONDS", DefaultValueFactory = _ => seconds };
        timeout.Validators.Add(result =>
        {
            // By its text: the value of one that is no number throws, and the library says so by itself.
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out var given) && (given < 1 || given > most))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--timeout is {given}, but it must lie between 1 and {most}."));
        });
        return timeout;
    }

    /// <summary>The absolute path of the configuration. Only its name counts: a file that is gone is for a successor to complain of.</summary>
    /// <param name="given">The file of <c>--config</c>, as it was typed.</param>
    /// <exception cref="ConfigurationException">None was given, and none is where it is looked for.</exception>
    public static string ConfigurationPath(string? given) => given is null ? ConfigurationFile.Find(null) : Path.GetFullPath(given);

    /// <summary>The daemon that was named by them.</summary>
    public static DaemonTarget Target(ParseResult parsed, Option<string?> config, Option<string?> socket, Option<int> timeout) =>
        new(parsed.GetValue(config), parsed.GetValue(socket), TimeSpan.FromSeconds(parsed.GetValue(timeout)));
}
