using Baton.Handover.Native;
using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Processes;

/// <summary>What a generation and the constant process say to one another, which may be of different builds.</summary>
public sealed class ConstantLinkTests
{
    [Theory]
    [InlineData("main 4711", 4711)]
    [InlineData("main 4711 and what a later build adds", 4711)]
    [InlineData("main", null)]
    [InlineData("main -1", null)]
    [InlineData("main 0", null)]
    [InlineData("main x", null)]
    [InlineData("something a later build says 4711", null)]
    [InlineData("", null)]
    public void A_line_names_the_main_process_or_is_passed_over(string line, int? expected) => Assert.Equal(expected, ConstantLink.MainOf(line));

    [Fact]
    public void What_is_announced_is_read_as_it_was_meant()
    {
        var (read, write) = Pipe.Create();
        using (read)
        {
            using (var link = new ConstantLink(new InheritedLink(write.Release(), 1)))
            {
                link.Announce(4711);
                link.ConfirmHangup();
                link.Announce(4712);
            }

            using var lines = new StreamReader(new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(read.Fd, ownsHandle: false), FileAccess.Read, 0));
            Assert.Equal(4711, ConstantLink.MainOf(lines.ReadLine()!));
            var confirmation = lines.ReadLine()!;
            Assert.True(ConstantLink.IsHangupTaken(confirmation));
            Assert.Null(ConstantLink.MainOf(confirmation));
            Assert.Equal(4712, ConstantLink.MainOf(lines.ReadLine()!));
            Assert.Null(lines.ReadLine());
        }
    }

    [Fact]
    public void A_constant_process_that_is_gone_does_not_disturb()
    {
        var (read, write) = Pipe.Create();
        read.Dispose();
        using var link = new ConstantLink(new InheritedLink(write.Release(), 1));
        link.Announce(4711);
    }

    [Fact]
    public void It_is_handed_down()
    {
        var inheritance = new Inheritance(2, 10, 5, 6, []) { Constant = new InheritedLink(7, 1) };
        Assert.Equal(new InheritedLink(7, 1), Inheritance.Parse(inheritance.ToText()).Constant);
        Assert.Null(Inheritance.Parse((inheritance with { Constant = null }).ToText()).Constant);
    }
}
