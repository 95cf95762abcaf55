namespace Baton.Configuration;

/// <summary>Collects what a validation finds, so that an operator sees all of it at once.</summary>
/// <param name="settings">Tell where a key was set.</param>
/// <param name="errors">What is known to be wrong already.</param>
internal sealed class Findings(Settings settings, IEnumerable<ConfigurationError> errors)
{
    private readonly List<ConfigurationError> _errors = [.. errors];
    private readonly List<ConfigurationError> _warnings = [];
    private readonly HashSet<string> _unreadable = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<ConfigurationError> Errors => _errors;

    /// <summary>What is odd, but not in the way.</summary>
    public IReadOnlyList<ConfigurationError> Warnings => _warnings;

    /// <summary>Keys whose value does not parse. Whoever reads on leaves them out, and still checks the rest.</summary>
    public IReadOnlyCollection<string> Unreadable => _unreadable;

    /// <param name="key">The full key, from which the line in the file is found.</param>
    /// <param name="message">What is wrong and what to do about it.</param>
    public void Error(string key, string message) => _errors.Add(new ConfigurationError(settings.OriginOf(key), message, key));

    public void Warning(string key, string message) => _warnings.Add(new ConfigurationError(settings.OriginOf(key), message, key));

    public void CannotRead(string key, string message)
    {
        _unreadable.Add(key);
        Error(key, message);
    }
}
