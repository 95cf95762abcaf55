namespace Baton.Tests.Clients;

/// <summary>A response that did not come, ended too early or was malformed; the message says which.</summary>
public sealed class ResponseLostException(string message, Exception? inner = null) : Exception(message, inner);
