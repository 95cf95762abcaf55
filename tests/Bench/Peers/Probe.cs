using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Baton.Bench.Peers;

/// <summary>One request on a connection of its own, as a new client would send it.</summary>
internal static class Probe
{
    private const int AnswerTimeoutMilliseconds = 5000;

    // Often enough to tell milliseconds, seldom enough not to be a load.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private static readonly byte[] Request = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");

    /// <exception cref="TimeoutException">There was no answer of status 200 in that time.</exception>
    /// <param name="port">Of the program.</param>
    /// <param name="program">Once it has ended there is nothing to wait for.</param>
    /// <param name="timeout">How long it may take.</param>
    public static void UntilAnswered(int port, Background program, TimeSpan timeout) => Until(port, timeout, _ => true, () => program.HasEnded);

    /// <summary>Asks until an answer is of the generation that is wanted.</summary>
    /// <returns>When the first such answer was there, as <see cref="Stopwatch.GetTimestamp"/>.</returns>
    public static long UntilGeneration(PeerProcess process, bool even, TimeSpan timeout) =>
        Until(process.Site.Plain, timeout, head => process.Peer.IsEven(head) == even, () => false);

    private static long Until(int port, TimeSpan timeout, Func<byte[], bool> isWanted, Func<bool> isOver)
    {
        var start = Stopwatch.GetTimestamp();
        string? trouble = null;
        while (Stopwatch.GetElapsedTime(start) < timeout && !isOver())
        {
            try
            {
                if (Ask(port) is { } head && isWanted(head))
                    return Stopwatch.GetTimestamp();
            }
            catch (SocketException e)
            {
                trouble = e.Message;
            }

            Thread.Sleep(Pause);
        }

        throw new TimeoutException($"Port {port} did not give the answer that was waited for within {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s. {trouble}");
    }

    private static byte[]? Ask(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = AnswerTimeoutMilliseconds };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        socket.Send(Request);
        var answer = new byte[4096];
        var length = 0;
        while (length < answer.Length && socket.Receive(answer, length, answer.Length - length, SocketFlags.None) is > 0 and var count)
            length += count;
        return answer.AsSpan(0, length).StartsWith("HTTP/1.1 200 "u8) ? answer[..length] : null;
    }
}
