using Microsoft.Extensions.Logging;

namespace Baton.Admin;

/// <summary>What the admin interface tells the operator; event ids 3100 to 3199.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(3100, LogLevel.Warning, "There is no admin socket, so 'baton upgrade' cannot reach this daemon; SIGHUP can. {Reason} Set Baton:Admin:Socket to a path, or to \"none\" to do without")]
    public static partial void NoAdminSocket(this ILogger log, string reason);
}
