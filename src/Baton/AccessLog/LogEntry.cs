using Baton.Requests;
using Microsoft.AspNetCore.Http;

namespace Baton.AccessLog;

/// <summary>What a line is about.</summary>
internal readonly record struct LogEntry(HttpContext Context, ServedRequest Request);
