namespace Baton.Canary.Clients;

/// <summary>Something that a client must never see, in words.</summary>
internal sealed class CanaryException(string message, Exception? inner = null) : Exception(message, inner);
