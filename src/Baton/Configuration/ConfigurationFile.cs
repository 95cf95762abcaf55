namespace Baton.Configuration;

/// <summary>Says which file is the configuration; the answer is absolute, so that it stays the same file for good.</summary>
internal static class ConfigurationFile
{
    private const string BelowWorkingDirectory = "config/baton.json";
    private const string OfTheSystem = "/etc/baton/baton.json";

    /// <summary>Where it is looked for when nobody names it; the first relative to where the program runs.</summary>
    public static IReadOnlyList<string> Places { get; } = [BelowWorkingDirectory, OfTheSystem];

    /// <param name="given">The file named by <c>--config</c>, if any.</param>
    /// <exception cref="ConfigurationException">There is no such file; the message names every place that was tried.</exception>
    public static string Find(string? given)
    {
        IReadOnlyList<string> places = given is null ? Places : [given];
        var tried = places.Select(Path.GetFullPath).ToArray();
        var file = tried.FirstOrDefault(File.Exists);
        if (file is not null)
            return file;

        throw new ConfigurationException(given is null
            ? [.. tried.Select(place => new ConfigurationError(place, "There is no such file.")),
                new ConfigurationError("baton", "No configuration was found. Name the file with --config FILE.")]
            : [new ConfigurationError(tried[0], Directory.Exists(tried[0])
                ? "This is a directory, but --config needs a file."
                : "There is no such file. It was named by --config.")]);
    }
}
