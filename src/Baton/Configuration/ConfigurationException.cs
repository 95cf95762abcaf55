namespace Baton.Configuration;

/// <summary>The configuration cannot be used; carries everything that is wrong with it, not only the first find.</summary>
/// <param name="errors">Every error.</param>
/// <param name="warnings">What is odd besides; a misspelt key is often why another is missing.</param>
internal sealed class ConfigurationException(IReadOnlyList<ConfigurationError> errors, IReadOnlyList<ConfigurationError>? warnings = null)
    : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>Every error; never empty.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;

    public IReadOnlyList<ConfigurationError> Warnings { get; } = warnings ?? [];
}
