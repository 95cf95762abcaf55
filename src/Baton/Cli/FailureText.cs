using System.Net.Sockets;
using System.Security.Cryptography;
using Baton.Configuration;
using Baton.Handover;
using Microsoft.AspNetCore.Connections;

namespace Baton.Cli;

/// <summary>Says in lines for an operator why the program could not do its work.</summary>
internal static class FailureText
{
    /// <summary>Null for what can only be a fault of ours: there the stack trace is what helps.</summary>
    public static IReadOnlyList<string>? Of(Exception e) => e switch
    {
        ConfigurationException invalid =>
            [.. invalid.Errors.Select(error => error.ToString()), .. invalid.Warnings.Select(warning => $"{warning} (a warning only)")],
        HandoverException handover => [.. handover.Reasons.Select(reason => $"baton: {reason}")],

        // Kestrel wraps it in a message that says less.
        IOException { InnerException: AddressInUseException inUse } => [$"baton: {inUse.Message}"],

        // A certificate that is not there or not ours to read, a wrong password; and Kestrel throws
        // InvalidOperationException for much that is the operator's to mend.
        IOException or UnauthorizedAccessException or SocketException or CryptographicException => [$"baton: {e.Message}"],
        InvalidOperationException when IsKestrels(e) => [$"baton: {e.Message}"],
        _ => null,
    };

    private static bool IsKestrels(Exception e) => e.Source?.StartsWith("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal) == true;
}
