using Baton.Handover.Transport;
using Xunit;

namespace Baton.Handover.Tests.Transport;

/// <summary>Where frames end, however the bytes are cut.</summary>
public sealed class FrameBoundaryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(1000)]
    public void Http2_frames_end_where_they_end_however_they_are_cut(int step)
    {
        // SETTINGS without payload, DATA with 300 bytes, PING with 8.
        byte[] frames = [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 1, 44, 0, 0, 0, 0, 0, 1, .. new byte[300], 0, 0, 8, 6, 0, 0, 0, 0, 0, .. new byte[8]];
        int[] ends = [9, 9 + 309, 9 + 309 + 17];
        var boundary = new Http2FrameBoundary();
        for (var fed = 0; fed < frames.Length; fed += step)
        {
            boundary.Feed(frames.AsSpan(fed, Math.Min(step, frames.Length - fed)));
            Assert.Equal(ends.Contains(Math.Min(fed + step, frames.Length)), boundary.AtBoundary);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(100_000)]
    public void WebSocket_frames_end_where_they_end_however_they_are_cut(int step)
    {
        // 5 bytes of text, 300 of binary (16-bit length), 70,000 (64-bit length), a masked one, an empty ping.
        byte[] frames =
        [
            0x81, 5, .. new byte[5],
            0x82, 126, 1, 44, .. new byte[300],
            0x82, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70, .. new byte[70_000],
            0x81, 0x83, 1, 2, 3, 4, .. new byte[3],
            0x89, 0,
        ];
        int[] ends = [7, 7 + 304, 7 + 304 + 70_010, 7 + 304 + 70_010 + 9, frames.Length];
        var boundary = new WebSocketFrameBoundary();
        for (var fed = 0; fed < frames.Length; fed += step)
        {
            boundary.Feed(frames.AsSpan(fed, Math.Min(step, frames.Length - fed)));
            Assert.Equal(ends.Contains(Math.Min(fed + step, frames.Length)), boundary.AtBoundary);
        }

        Assert.False(boundary.SawClose);
        boundary.Feed([0x88, 2, 3, 0xE8]);
        Assert.True(boundary.SawClose);
    }
}
