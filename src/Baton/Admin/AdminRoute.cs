using Microsoft.AspNetCore.Http;

namespace Baton.Admin;

/// <summary>
/// One request that the admin interface answers. Rooms that answer some themselves register theirs as a service, and
/// openapi.json lists all of them.
/// </summary>
/// <param name="Method">"GET" or "POST".</param>
/// <param name="Path">The whole path, as in <c>/status</c>.</param>
/// <param name="Answer">Answers it. It must not wait for an upgrade: it would be in flight in the predecessor, and hold up the very drain that it waits for.</param>
internal sealed record AdminRoute(string Method, string Path, RequestDelegate Answer)
{
    /// <summary>
    /// Whether it is a file of the page: read without the token, which the page asks for and sends with what it asks, and not
    /// listed among the requests of the API.
    /// </summary>
    public bool IsPageFile { get; init; }
}
