using Baton.Tests.Releases;
using Xunit;

[assembly: AssemblyFixture(typeof(ReleaseArchive))]

namespace Baton.Tests.Releases;

public sealed class ReleaseArchive
{
    private readonly string _path = "/tmp/relout/baton-0.1.0-linux-x64.tar.gz";
    public Task<string> PathAsync() => Task.FromResult(_path);
}
