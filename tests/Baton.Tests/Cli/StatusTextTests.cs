using Baton.Admin;
using Baton.Cli;
using Xunit;

namespace Baton.Tests.Cli;

/// <summary>The status as people read it.</summary>
public sealed class StatusTextTests
{
    [Fact]
    public void Everything_that_a_daemon_tells_stands_in_aligned_columns() =>
        Assert.Equal(
            """
            baton 0.1.0: generation 3 (pid 4194300) runs with /etc/baton/baton.json
            taken out of the load balancer in front: not ready, but serves on; 'baton drain --undo' ends that
            answered since generation 1: 100 requests, 10 of them with 5xx; 7 failed at a destination

            GEN      PID  VERSION    AGE  PHASE      NEW   IDLE  BUSY  H2  TUNNELS  REQUESTS
              2    12001  0.1.0     2d3h  draining     0  10000     2   1        3         2
              3  4194300  0.1.0    5m10s  probation    1      2     3   4        5         6
              4  4194301  0.2.0        -  preparing    -      -     -   -        -         -

            GEN  WAITS FOR   OLDEST  OF ROUTE
              2  2 requests     12s  api
              2  1 tunnel     4h10m  ws

            LISTENER
            http://127.0.0.1:8080
            https://[::]:443

            DESTINATION  ADDRESS                STATE  REQUESTS  WHY
            shop/a       http://10.0.0.1:5000/  up            4  answers probes
            shop/b       http://10.0.0.2:5000/  down          0  3 probes in a row failed, the last 2 s ago
            empty        -                      down          -  it has no destination

            CERTIFICATE OF         EXPIRES     DAYS LEFT  SUBJECT
            Https                  2026-07-01         61  CN=example.org
            Https/old.example.org  2026-04-30         -1  CN=old.example.org

            UPGRADE  OUTCOME    READY  IN ALL  WHAT IT DID
            1 to 2   completed  0.4 s   2.2 s  4 of 5 moved, 2 requests finished, cut: 1 request of route 'api'
            2 to 3   failed         ?   0.3 s  The file is empty.
            """,
            Text(StatusDocuments.Draining));

    [Fact]
    public void At_a_terminal_of_80_columns_every_table_fits()
    {
        var lines = Lines(StatusDocuments.Draining with { Generations = [.. StatusDocuments.Draining.Generations.Skip(1)] }, 80);

        Assert.All(lines.Skip(3), line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains(lines, line => line.EndsWith("3 probes in a row failed,", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Trim() == "the last 2 s ago");
    }

    [Fact]
    public void A_daemon_that_tells_of_itself_alone_is_one_generation() =>
        Assert.Equal(
            """
            baton 0.1.0: generation 1 (pid 12001) runs with /etc/baton/baton.json

            GEN    PID  VERSION  AGE  PHASE    NEW  IDLE  BUSY  H2  TUNNELS  REQUESTS
              1  12001  0.1.0     7s  serving    -     -     -   -        -         -
            """,
            Text(StatusDocuments.Bare));

    [Fact]
    public void Colours_show_what_is_not_well_and_change_no_column()
    {
        var coloured = new StatusText(new TextColours(isOn: true), 80).Lines(StatusDocuments.Draining, StatusDocuments.Now);

        Assert.Contains(coloured, line => line.Contains("\u001b[31mdown\u001b[0m", StringComparison.Ordinal));
        Assert.Contains(coloured, line => line.Contains("\u001b[33mdraining\u001b[0m", StringComparison.Ordinal));
        Assert.Equal(
            Lines(StatusDocuments.Draining, 80),
            coloured.Select(line => System.Text.RegularExpressions.Regex.Replace(line, "\u001b\\[[0-9]*m", "")));
    }

    [Fact]
    public void A_name_cannot_steer_the_terminal()
    {
        var text = Text(StatusDocuments.Bare with { Clusters = [new ClusterDocument("a\u001b[2Jb\nc", [])] });

        Assert.Contains("a?[2Jb?c", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
    }

    private static string Text(StatusDocument status) => string.Join('\n', Lines(status, null));

    private static IReadOnlyList<string> Lines(StatusDocument status, int? width) =>
        new StatusText(new TextColours(isOn: false), width).Lines(status, StatusDocuments.Now);
}
