using Microsoft.AspNetCore.Http;

namespace Baton.Admin;

/// <summary>Every request on the admin interface: to the route that answers it, or refused with what there is.</summary>
internal sealed class AdminRouter(AdminApi api, AdminGuard guard, IEnumerable<AdminRoute> others)
{
    /// <summary>Our own, then those of other rooms.</summary>
    public IReadOnlyList<AdminRoute> Routes { get; } = [.. api.Routes, .. others];

    public Task HandleAsync(HttpContext context)
    {
        var here = Routes.Where(route => route.Path == context.Request.Path.Value).ToList();
        if (guard.Refusal(context, here.Exists(route => route.IsPageFile)) is { } refusal)
            return AdminAnswer.RefuseAsync(context, refusal.Code, refusal.Why);

        if (here.Find(route => route.Method == context.Request.Method) is { } found)
            return found.Answer(context);
        if (here.Count == 0)
            return AdminAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, $"There is {string.Join(", ", Routes.Where(route => !route.IsPageFile).Select(route => $"{route.Method} {route.Path}"))}.");

        var allowed = string.Join(", ", here.Select(route => route.Method));
        context.Response.Headers.Allow = allowed;
        return AdminAnswer.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, $"{context.Request.Path} needs {allowed}.");
    }
}
