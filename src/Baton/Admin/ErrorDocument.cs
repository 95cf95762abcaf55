namespace Baton.Admin;

/// <summary>The answer to a request that cannot be served.</summary>
/// <param name="Error">What is wrong with it, and what would be right.</param>
internal sealed record ErrorDocument(string Error);
