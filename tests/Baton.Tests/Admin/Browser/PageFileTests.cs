using System.Net;
using System.Text.RegularExpressions;
using Baton.Admin.Page;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Admin.Browser;

/// <summary>The files of the page, as they are sent.</summary>
public sealed partial class PageFileTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_is_sent_with_a_strict_policy_and_once_only_while_it_is_the_same()
    {
        await using var daemon = await FakeDaemon.StartAsync(Token);
        using var client = new HttpClient { BaseAddress = new Uri(daemon.Address) };

        Assert.Contains(PageFiles.All, file => file.Path == "/");
        foreach (var file in PageFiles.All)
        {
            using var response = await client.GetAsync(new Uri(file.Path, UriKind.Relative), Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
            Assert.Equal("no-cache", response.Headers.CacheControl!.ToString());
            Assert.Equal(Path.GetExtension(file.Path) switch { ".js" => "text/javascript", ".css" => "text/css", ".svg" => "image/svg+xml", _ => "text/html" }, response.Content.Headers.ContentType!.MediaType);

            using var again = new HttpRequestMessage(HttpMethod.Get, file.Path);
            again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
            using var same = await client.SendAsync(again, Token);
            Assert.Equal((HttpStatusCode.NotModified, 0), (same.StatusCode, (await same.Content.ReadAsByteArrayAsync(Token)).Length));
        }
    }

    [Fact]
    public async Task The_markup_holds_no_code_and_no_style_and_nothing_from_elsewhere()
    {
        await using var daemon = await FakeDaemon.StartAsync(Token);
        using var client = new HttpClient { BaseAddress = new Uri(daemon.Address) };

        var markup = await client.GetStringAsync(new Uri("/", UriKind.Relative), Token);

        Assert.DoesNotMatch(InlineCode(), markup);
        foreach (var file in PageFiles.All)
            Assert.DoesNotMatch(Outside(), (await client.GetStringAsync(new Uri(file.Path, UriKind.Relative), Token)).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal).Replace("// https://html.spec", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task They_are_read_without_the_token_which_everything_else_needs()
    {
        var port = FreePort.Next();
        await using var daemon = await DaemonProcess.StartAsync(
            new ConfigBuilder().Listen().Baton("Admin:Address", $"127.0.0.1:{port}").Baton("Admin:Token", "a-token-of-the-tests-9317"));
        using var stranger = new AdminRequests(port);

        foreach (var file in PageFiles.All)
            Assert.Equal(200, (await stranger.SendAsync(HttpMethod.Get, file.Path, Token)).Code);
        Assert.Equal(401, (await stranger.SendAsync(HttpMethod.Get, "/status", Token)).Code);
        Assert.Equal(405, (await stranger.SendAsync(HttpMethod.Post, "/main.js", Token)).Code);
        using var socket = new AdminRequests(daemon.AdminSocket);
        Assert.DoesNotContain("main.js", (await socket.SendAsync(HttpMethod.Get, "/nothing", Token)).Body, StringComparison.Ordinal);
        daemon.AssertNoUnexpectedWarnings();
    }

    [GeneratedRegex(@"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex InlineCode();

    [GeneratedRegex("""["'(]\s*(https?:)?//\w""")]
    private static partial Regex Outside();
}
