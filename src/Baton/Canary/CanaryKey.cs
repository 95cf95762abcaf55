using System.Security.Cryptography;
using Baton.Handover;

namespace Baton.Canary;

/// <summary>
/// The secret by which every generation recognises canaries: a file beside the admin socket, so that the successor knows it
/// from its first request on. It goes with the last generation.
/// </summary>
internal sealed class CanaryKey : IHandoverObserver
{
    private const int Length = 32;
    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string? _file;

    /// <param name="socket">The path of the admin socket; null if there is none, and then no canary can have a token.</param>
    public CanaryKey(string? socket)
    {
        _file = socket is null ? null : socket + ".key";
        Secret = (_file is null ? null : ReadOrMake(_file)) ?? RandomNumberGenerator.GetBytes(Length);
    }

    public byte[] Secret { get; }

    public ValueTask OnPhaseAsync(HandoverNotice notice)
    {
        if (notice is { Phase: HandoverPhase.Exiting, SuccessorPid: null, IsMain: true } && _file is not null)
            File.Delete(_file);
        return ValueTask.CompletedTask;
    }

    // Without the file, canaries of an upgrade are not recognised by the successor, and the verification says so: no reason
    // for the proxy not to start.
    private static byte[]? ReadOrMake(string file)
    {
        try
        {
            if (File.Exists(file) && File.ReadAllBytes(file) is { Length: Length } known)
                return known;

            File.Delete(file);
            var secret = RandomNumberGenerator.GetBytes(Length);
            using var stream = new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, // follows no link
                Access = FileAccess.Write,
                UnixCreateMode = OnlyOwner,
            });
            stream.Write(secret);
            return secret;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
