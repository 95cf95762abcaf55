using System.Diagnostics;
using System.Net;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Baton.Requests;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.AccessLog;

/// <summary>The fields that a format can have, by name.</summary>
internal sealed class LogFields
{
    private const string RequestHeader = "header:";
    private const string ResponseHeader = "responseHeader:";

    // Endings are few; their names are made once.
    private static readonly byte[][] Ends = [.. Enum.GetNames<RequestEnd>().Select(name => Encoding.ASCII.GetBytes(JsonNamingPolicy.CamelCase.ConvertName(name)))];

    private readonly Dictionary<string, LogField> _fields;
    private readonly HashSet<string> _hiddenHeaders;
    private readonly QueryMask _query;

    /// <param name="options">What is masked.</param>
    /// <param name="generation">The number of this generation.</param>
    /// <param name="zone">The local time zone.</param>
    public LogFields(AccessLogOptions options, int generation, TimeZoneInfo zone)
    {
        _hiddenHeaders = QueryMask.Split(options.MaskHeaders).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _query = new QueryMask(options.MaskQuery);
        var time = new LogTime(zone);
        _fields = new Dictionary<string, LogField>(StringComparer.OrdinalIgnoreCase)
        {
            ["time"] = (line, in entry) => LogTime.WriteRfc3339(line, entry.Request.StartedAt),
            ["time:clf"] = (line, in entry) => time.WriteCommon(line, entry.Request.StartedAt),
            ["client"] = (line, in entry) => WriteAddress(line, entry.Context.Connection.RemoteIpAddress),
            ["method"] = (line, in entry) => line.Text(entry.Context.Request.Method),
            ["scheme"] = (line, in entry) => line.Text(entry.Context.Request.Scheme),
            ["host"] = (line, in entry) => line.Text(entry.Context.Request.Host.Value),
            ["path"] = (line, in entry) => line.Text(_query.OfAddress(TargetOf(entry.Context))),
            ["query"] = (line, in entry) => line.Text(_query.Of(entry.Context.Request.QueryString.Value is { Length: > 0 } query ? query[1..] : "")),
            ["protocol"] = (line, in entry) => line.Text(entry.Context.Request.Protocol),
            ["status"] = (line, in entry) => line.Number(entry.Request.Status),
            ["bytesIn"] = (line, in entry) => line.Number(entry.Request.BytesIn),
            ["bytesOut"] = (line, in entry) => line.Number(entry.Request.BytesOut),
            ["duration"] = (line, in entry) => line.Seconds(entry.Request.Duration),
            ["upstreamTime"] = (line, in entry) => line.Seconds(entry.Request.UpstreamTime),
            ["route"] = (line, in entry) => line.Text(entry.Request.Route),
            ["cluster"] = (line, in entry) => line.Text(entry.Request.Cluster),
            ["destination"] = (line, in entry) => line.Text(entry.Request.Destination),
            ["retries"] = (line, in entry) => line.Number(entry.Request.Retries),
            ["end"] = (line, in entry) => line.Token(Ends[(int)entry.Request.End]),
            ["tls"] = (line, in entry) => line.Text(TlsOf(entry.Context)),
            ["traceId"] = (line, in _) => line.Text(Activity.Current?.TraceId.ToHexString()),
            ["referer"] = (line, in entry) => line.Text(_query.OfAddress(HeaderOf(entry.Context.Request.Headers, "Referer"))),
            ["userAgent"] = (line, in entry) => line.Text(HeaderOf(entry.Context.Request.Headers, "User-Agent")),
            ["generation"] = (line, in _) => line.Number(generation),
            ["pid"] = (line, in _) => line.Number(Environment.ProcessId),
        };
    }

    /// <summary>All that can be named, for whoever has misspelt one.</summary>
    public IReadOnlyCollection<string> Names => [.. _fields.Keys, $"{RequestHeader}NAME", $"{ResponseHeader}NAME"];

    /// <summary>The field of that name; null if there is none.</summary>
    public LogField? Find(string name)
    {
        if (_fields.TryGetValue(name, out var field))
            return field;
        if (HeaderName(name, RequestHeader) is { } sent)
            return (line, in entry) => line.Text(HeaderOf(entry.Context.Request.Headers, sent));
        if (HeaderName(name, ResponseHeader) is { } answered)
            return (line, in entry) => line.Text(HeaderOf(entry.Context.Response.Headers, answered));
        return null;
    }

    private static string? HeaderName(string field, string prefix) =>
        field.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && field.Length > prefix.Length ? field[prefix.Length..] : null;

    private string? HeaderOf(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out var value) ? _hiddenHeaders.Contains(name) ? QueryMask.Hidden : value.ToString() : null;

    // As it was sent: decoding it would hide what a client has tried. An absolute one (RFC 9112, 3.2.2) may hold a password.
    private static string TargetOf(HttpContext context) =>
        context.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/' or '*', ..] target ? target : context.Request.Path + context.Request.QueryString;

    private static string? TlsOf(HttpContext context) =>
        !context.Request.IsHttps ? null : context.Features.Get<ITlsHandshakeFeature>()?.Protocol switch
        {
            SslProtocols.Tls13 => "TLSv1.3",
            SslProtocols.Tls12 => "TLSv1.2",
            var other => other?.ToString(),
        };

    private static void WriteAddress(LogLine line, IPAddress? address)
    {
        if (address is null)
        {
            line.Token("unix:"u8);
            return;
        }

        Span<byte> text = stackalloc byte[64];
        (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).TryFormat(text, out var length);
        line.Token(text[..length]);
    }
}
