using Baton.Requests;
using Microsoft.AspNetCore.Http;

namespace Baton.AccessLog;

/// <summary>Makes the line of each request, on the request's own thread, and leaves the writing to another.</summary>
internal sealed class AccessLogObserver(LogFormat format, LineQueue queue) : IRequestObserver
{
    [ThreadStatic]
    private static LogLine? _line;

    public void OnEnded(HttpContext context, ServedRequest request)
    {
        var line = _line ??= new LogLine();
        format.Write(line, new LogEntry(context, request));
        queue.Add(line.Bytes);
    }
}
