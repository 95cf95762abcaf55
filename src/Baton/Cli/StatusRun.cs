using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Baton.Admin;

namespace Baton.Cli;

/// <summary><c>baton status</c>: what it does.</summary>
internal sealed class StatusRun(DaemonTarget daemon, bool isJson, InvocationConfiguration console, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly bool _isTerminal = !Console.IsOutputRedirected;

    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(bool isWatching, CancellationToken cancellationToken) => isWatching
        ? WatchAsync(cancellationToken)
        : daemon.AskAsync(
            async deadline =>
            {
                using var admin = await daemon.FindAsync(deadline);
                await console.Output.WriteLineAsync(string.Join(Environment.NewLine, await LookAsync(admin, deadline)));
                return 0;
            },
            console,
            cancellationToken);

    private async Task<int> WatchAsync(CancellationToken stop)
    {
        AdminClient? admin = null;
        try
        {
            var code = await daemon.AskAsync(
                async deadline =>
                {
                    admin = await daemon.FindAsync(deadline);
                    return 0;
                },
                console,
                stop);
            if (admin is null)
                return code;
            using var screen = _isTerminal ? new Screen(console.Output) : null;
            using var pipe = _isTerminal ? null : WatchedPipe.OfOutput();
            await foreach (var lines in LooksAsync(admin, stop))
            {
                if (screen is not null)
                    screen.Show(lines, Console.WindowWidth, Console.WindowHeight);
                else if (pipe?.TryWrite([.. lines, ""]) is false)
                    return 0; // Its reader has what it wanted.
            }

            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0; // Ctrl-C.
        }
        finally
        {
            admin?.Dispose();
        }
    }

    // One that does not answer for once is asked again: it may be started anew meanwhile.
    private async IAsyncEnumerable<IReadOnlyList<string>> LooksAsync(AdminClient admin, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            IReadOnlyList<string> lines;
            try
            {
                lines = await LookAsync(admin, stop);
            }
            catch (Exception e) when (e is AdminException or HttpRequestException)
            {
                lines = DaemonTarget.LinesOf(e);
            }

            yield return lines;
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    private async Task<IReadOnlyList<string>> LookAsync(AdminClient admin, CancellationToken cancellationToken) => isJson
        ? [Indented(await admin.StatusJsonAsync(cancellationToken), admin.SocketPath)]
        : new StatusText(TextColours.OfOutput(), _isTerminal ? Console.WindowWidth : null)
            .Lines(await admin.StatusAsync(cancellationToken), clock.GetUtcNow());

    private static string Indented(string json, string socket)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            using var text = new MemoryStream();
            using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
                document.WriteTo(writer);
            return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
        }
        catch (JsonException e)
        {
            throw new AdminException($"baton: what answers on {socket} is no daemon: {e.Message}");
        }
    }
}
