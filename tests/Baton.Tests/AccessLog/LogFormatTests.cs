using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Baton.AccessLog;
using Baton.Requests;
using Baton.Tests.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace Baton.Tests.AccessLog;

/// <summary>What a line looks like.</summary>
public sealed class LogFormatTests
{
    private readonly DefaultHttpContext _context = new();
    private readonly ServedRequest _request = new()
    {
        StartedAt = DateTimeOffset.Parse("2026-03-04T05:06:07.0891234Z", CultureInfo.InvariantCulture),
        Duration = TimeSpan.FromMicroseconds(1_234_567),
        UpstreamTime = TimeSpan.FromMicroseconds(89),
        Status = 200,
        BytesIn = 5,
        BytesOut = 64,
        Route = "all",
        Cluster = "backends",
        Destination = "d1",
        Retries = 1,
        End = RequestEnd.Completed,
    };

    public LogFormatTests()
    {
        _context.Connection.RemoteIpAddress = IPAddress.Parse("::ffff:192.0.2.7");
        _context.Request.Method = "GET";
        _context.Request.Scheme = "http";
        _context.Request.Protocol = "HTTP/1.1";
        _context.Request.Host = new HostString("example.org");
        Target("/a?x=1&token=secret");
    }

    [Fact]
    public void Combined_is_that_of_nginx()
    {
        _context.Request.Headers.Referer = "http://example.org/";
        _context.Request.Headers.UserAgent = "curl/8";
        Assert.Equal("192.0.2.7 - - [04/Mar/2026:05:06:07 +0000] \"GET /a?x=1&token=secret HTTP/1.1\" 200 64 \"http://example.org/\" \"curl/8\"", Line("combined"));
    }

    [Fact]
    public void Its_time_is_the_local_one() =>
        Assert.Contains("[04/Mar/2026:10:36:07 +0530]", Line("combined", zone: TimeZoneInfo.CreateCustomTimeZone("x", new TimeSpan(5, 30, 0), "x", "x")), StringComparison.Ordinal);

    [Fact]
    public void Json_is_one_object_without_what_has_no_value()
    {
        var line = JsonNode.Parse(Line("json"))!.AsObject();
        Assert.Equal("""
            {"time":"2026-03-04T05:06:07.089Z","client":"192.0.2.7","method":"GET","scheme":"http","host":"example.org","path":"/a?x=1\u0026token=secret","protocol":"HTTP/1.1","status":200,"bytesIn":5,"bytesOut":64,"duration":1.234567,"upstreamTime":0.000089,"route":"all","cluster":"backends","destination":"d1","retries":1,"end":"completed","generation":3,"pid":0}
            """, line.ToJsonString().Replace($"\"pid\":{Environment.ProcessId}", "\"pid\":0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{status} {bytesIn}/{bytesOut} {duration} {upstreamTime}", "200 5/64 1.234567 0.000089")]
    [InlineData("{route} {cluster} {destination} {retries} {end}", "all backends d1 1 completed")]
    [InlineData("{time} {scheme} {query} {tls} {traceId}", "2026-03-04T05:06:07.089Z http x=1&token=secret - -")]
    [InlineData("g{generation} {{{STATUS}}} end", "g3 {200} end")]
    [InlineData("{header:X-Given} {responseHeader:X-Answered} {header:X-Other}", "one,two three -")]
    public void A_template_has_its_fields(string template, string expected)
    {
        _context.Request.Headers["X-Given"] = new(["one", "two"]);
        _context.Response.Headers["X-Answered"] = "three";
        Assert.Equal(expected, Line(template));
    }

    [Theory]
    [InlineData("combind", "is 'combind', but it must be combined, json, or a template with fields, as in \"{client} {status}\". Did you mean combined?")]
    [InlineData("{statsu}", "has the field 'statsu', which is not known. Did you mean status? Known here: time, time:clf, client, method,")]
    [InlineData("{header:}", "has the field 'header:', which is not known.")]
    [InlineData("{client", "has a '{' at character 1 without its counterpart. Write {{ for a brace.")]
    [InlineData("{client} }", "has a '}' at character 10 without its counterpart. Write }} for a brace.")]
    [InlineData("{client}\n{status}", "has a control character in it.")]
    public async Task A_format_that_cannot_be_used_is_an_error(string format, string message) => Assert.Contains(
        $": Baton:AccessLog:Format {message}",
        await Load.OnlyError(new JsonObject { ["Baton"] = new JsonObject { ["AccessLog"] = new JsonObject { ["Format"] = format } } }.ToJsonString()),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("a\"b\\c", "a\\x22b\\x5Cc")]
    [InlineData("a\r\nGET /forged", "a\\x0D\\x0AGET /forged")]
    [InlineData("\u001b[31m\u007f\u009b", "\\x1B[31m\\x7F\\xC2\\x9B")]
    [InlineData("é€😀", "\\xC3\\xA9\\xE2\\x82\\xAC\\xF0\\x9F\\x98\\x80")]
    public void What_a_client_sent_can_end_neither_line_nor_field_nor_steer_a_terminal(string sent, string expected)
    {
        _context.Request.Headers.UserAgent = sent;
        Assert.Equal($"\"{expected}\"", Line("\"{userAgent}\""));

        var json = Line("json");
        Assert.Equal(sent, (string?)JsonNode.Parse(json)!["userAgent"]);
        Assert.DoesNotContain(json, character => char.IsControl(character));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_replaced()
    {
        _context.Request.Headers.UserAgent = "a" + '\ud800' + "b";
        Assert.Equal("a\\xEF\\xBF\\xBDb", Line("{userAgent}"));
        Assert.Equal("a\ufffdb", (string?)JsonNode.Parse(Line("json"))!["userAgent"]);
    }

    [Fact]
    public void A_text_is_cut_where_nobody_would_read_it()
    {
        _context.Request.Headers.UserAgent = new string('a', 5000);
        Assert.Equal(new string('a', 2048) + "...", Line("{userAgent}"));
    }

    [Theory]
    [InlineData("token", "/a?x=1&token=***", "x=1&token=***")]
    [InlineData("X, other", "/a?x=***&token=secret", "x=***&token=secret")]
    [InlineData("*", "/a?x=***&token=***", "x=***&token=***")]
    public void Query_parameters_can_be_masked(string names, string path, string query) =>
        Assert.Equal($"{path} {query}", Line("{path} {query}", names));

    [Theory]
    [InlineData("/a?to%6ben=secret", "/a?to%6ben=***")]
    [InlineData("/a?token", "/a?token")]
    [InlineData("/a?token=1?token=2", "/a?token=***")]
    public void A_mask_reads_names_as_the_destination_does(string target, string expected)
    {
        Target(target);
        Assert.Equal(expected, Line("{path}", "token"));
    }

    [Fact]
    public void The_referer_is_masked_too()
    {
        _context.Request.Headers.Referer = "http://example.org/?token=secret";
        Assert.Equal("http://example.org/?token=***", Line("{referer}", "token"));
    }

    [Fact]
    public void A_target_with_the_whole_address_does_not_show_a_password()
    {
        Target("http://user:secret@example.org/a");
        _context.Request.Path = "/a";
        Assert.Equal("/a?x=1&token=secret", Line("{path}"));
    }

    [Fact]
    public void Headers_that_let_a_reader_in_are_masked()
    {
        _context.Request.Headers.Authorization = "Bearer secret";
        _context.Response.Headers.SetCookie = "id=secret";
        const string Template = "{header:authorization} {responseHeader:Set-Cookie}";
        Assert.Equal("*** ***", Line(Template));
        Assert.Equal("Bearer secret ***", Line(Template, headers: "set-cookie"));
    }

    private void Target(string target) => _context.Features.Get<IHttpRequestFeature>()!.RawTarget = target;

    private string Line(string format, string query = "", string? headers = null, TimeZoneInfo? zone = null)
    {
        _context.Request.QueryString = new QueryString("?x=1&token=secret");
        var options = new AccessLogOptions { MaskQuery = query };
        options.MaskHeaders = headers ?? options.MaskHeaders;
        var line = new LogLine();
        new LogFormat(format, new LogFields(options, 3, zone ?? TimeZoneInfo.Utc)).Write(line, new LogEntry(_context, _request));
        var text = Encoding.UTF8.GetString(line.Bytes);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text[..^1];
    }
}
