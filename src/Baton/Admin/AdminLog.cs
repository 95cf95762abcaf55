using Microsoft.Extensions.Logging;

namespace Baton.Admin;

/// <summary>What the admin interface tells the operator; event ids 3100 to 3199.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(3100, LogLevel.Warning, "There is no admin socket, so 'baton upgrade' cannot reach this daemon; SIGHUP can. {Reason} Set Baton:Admin:Socket to a path, or to \"none\" to do without")]
    public static partial void NoAdminSocket(this ILogger log, string reason);

    [LoggerMessage(3101, LogLevel.Information, "Drained for a load balancer in front, asked for by {Origin}: not ready any more, and clients are asked to leave; everything is served on. 'baton drain --undo' ends it")]
    public static partial void Drained(this ILogger log, string origin);

    [LoggerMessage(3102, LogLevel.Information, "Drained no more, asked for by {Origin}: ready, and clients may stay")]
    public static partial void Undrained(this ILogger log, string origin);
}
