using Baton.Handover.Native;
using Baton.Handover.Processes;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Baton.Handover.Tests.State;

/// <summary>The file in which a generation leaves what it knows.</summary>
public sealed class StateFileTests
{
    [Fact]
    public void What_is_written_is_read_as_often_as_one_likes()
    {
        using var file = StateFile.Write("known"u8);
        Assert.Equal("known"u8.ToArray(), StateFile.Read(file));
        Assert.Equal("known"u8.ToArray(), StateFile.Read(file));
    }

    [Fact]
    public void Nobody_can_change_it()
    {
        using var file = StateFile.Write("known"u8);
        using var open = new SafeFileHandle(file.Fd, ownsHandle: false);
        Assert.ThrowsAny<Exception>(() => RandomAccess.Write(open, "other"u8, 0));
        Assert.Equal("known"u8.ToArray(), StateFile.Read(file));
    }

    [Fact]
    public void Large_ones_are_read_whole_and_too_large_ones_not_at_all()
    {
        using var largest = StateFile.Write(new byte[StateFile.MaxBytes]);
        Assert.Equal(StateFile.MaxBytes, StateFile.Read(largest)!.Length);
        using var larger = StateFile.Write(new byte[StateFile.MaxBytes + 1]);
        Assert.Null(StateFile.Read(larger));
    }

    [Fact]
    public void An_empty_one_a_socket_and_a_closed_descriptor_are_no_state()
    {
        using var empty = AnonymousFile.Create("empty");
        Assert.Null(StateFile.Read(empty));
        var (ours, theirs) = SocketCalls.Pair();
        using (ours)
        using (theirs)
            Assert.Null(StateFile.Read(ours));
        using var closed = new DescriptorHandle(1_000_000);
        Assert.Null(StateFile.Read(closed));
        closed.SetHandleAsInvalid();
    }

    [Fact]
    public void It_is_not_inherited_by_chance()
    {
        using var file = StateFile.Write("known"u8);
        var flags = File.ReadLines($"/proc/self/fdinfo/{file.Fd}").First(line => line.StartsWith("flags:", StringComparison.Ordinal));
        Assert.NotEqual(0, Convert.ToInt32(flags.Split('\t')[1], 8) & 0x80000); // O_CLOEXEC; proc(5)
    }
}
