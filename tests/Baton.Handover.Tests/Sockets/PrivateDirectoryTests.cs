using Baton.Handover.Sockets;
using Xunit;

namespace Baton.Handover.Tests.Sockets;

/// <summary>A directory that only this user may enter, whatever others have put in its place.</summary>
public sealed class PrivateDirectoryTests : IDisposable
{
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute;

    private readonly string _parent = Directory.CreateTempSubdirectory("baton-private-").FullName;

    private string OurPath => PrivateDirectory.OfThisUser(_parent, "b");

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public void It_is_made_with_0700_and_used_again()
    {
        Assert.False(PrivateDirectory.Exists(OurPath));
        PrivateDirectory.Ensure(OurPath);
        PrivateDirectory.Ensure(OurPath);

        Assert.True(PrivateDirectory.Exists(OurPath));
        Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(OurPath), 8));
    }

    [Fact]
    public void One_that_others_may_enter_is_not_used()
    {
        Directory.CreateDirectory(OurPath);
        File.SetUnixFileMode(OurPath, Open);
        AssertRefused();
    }

    [Fact]
    public void A_link_is_not_followed()
    {
        var elsewhere = PrivateDirectory.OfThisUser(_parent, "elsewhere");
        PrivateDirectory.Ensure(elsewhere);
        File.CreateSymbolicLink(OurPath, elsewhere);
        AssertRefused();
    }

    [Fact]
    public void A_file_is_not_used()
    {
        File.WriteAllText(OurPath, "");
        Assert.False(PrivateDirectory.Exists(OurPath));
        Assert.Throws<HandoverException>(() => PrivateDirectory.Ensure(OurPath));
    }

    private void AssertRefused()
    {
        Assert.False(PrivateDirectory.Exists(OurPath));
        Assert.Contains(OurPath, Assert.Throws<HandoverException>(() => PrivateDirectory.Ensure(OurPath)).Message, StringComparison.Ordinal);
    }
}
