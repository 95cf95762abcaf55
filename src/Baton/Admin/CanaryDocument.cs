namespace Baton.Admin;

/// <summary>The answer to <c>POST /canary</c>.</summary>
/// <param name="Token">What canary requests carry.</param>
internal sealed record CanaryDocument(string Token);
