using System.Text;
using Baton.Handover.Transport;
using Xunit;

namespace Baton.Handover.Tests.Transport;

/// <summary>Where a chunked body ends, however it is cut.</summary>
public sealed class ChunkedBodyBoundaryTests
{
    [Theory]
    [InlineData("0\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;name=\"1f\"\r\nhello\r\nA\r\n0\r\n\r\n12345\r\n0\r\n\r\n")]
    [InlineData("00000005 \r\nhello\r\n000\r\nTrailer: x\r\nOther: 0\r\n\r\n")]
    public void It_ends_with_its_last_byte_and_not_before(string body)
    {
        var bytes = Encoding.ASCII.GetBytes(body);
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var boundary = new ChunkedBodyBoundary();
            boundary.Feed(bytes.AsSpan(0, cut));
            Assert.False(boundary.Ended);
            boundary.Feed(bytes.AsSpan(cut));
            Assert.True(boundary.Ended);
        }

        var single = new ChunkedBodyBoundary();
        foreach (var value in bytes)
        {
            Assert.False(single.Ended);
            single.Feed([value]);
        }

        Assert.True(single.Ended);
    }
}
