using Baton.Admin;
using Baton.Admin.Page;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Features;

/// <summary>The status page, on the admin interface.</summary>
internal static class ShowingStatus
{
    public static void AddStatusPage(this IServiceCollection services)
    {
        foreach (var file in PageFiles.All)
            services.AddSingleton(new AdminRoute("GET", file.Path, file.WriteAsync) { IsPageFile = true });
    }
}
