// YARP as its documentation starts it, in Kestrel, with what Baton also sets: no limits that would break long uploads, and no
// log of requests. The one argument is the configuration, whose sections Kestrel and ReverseProxy are those of Baton.
using Yarp.ReverseProxy.SessionAffinity;

var builder = WebApplication.CreateSlimBuilder();
builder.Configuration.AddJsonFile(Path.GetFullPath(args[0]), optional: false, reloadOnChange: false);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseKestrelHttpsConfiguration();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = null;
    kestrel.Limits.MinRequestBodyDataRate = null;
    kestrel.Limits.MinResponseDataRate = null;
});

builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));

// The policy HashCookie needs the package System.IO.Hashing; see the project file.
var hashing = builder.Services.Where(service => service.ServiceType == typeof(ISessionAffinityPolicy) && service.ImplementationType?.Name == "HashCookieSessionAffinityPolicy").ToList();
hashing.ForEach(service => builder.Services.Remove(service));

var app = builder.Build();
app.MapReverseProxy();
app.Run();
