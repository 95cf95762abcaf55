using System.CommandLine;
using System.Globalization;
using Baton.Admin;

namespace Baton.Cli;

/// <summary>The daemon that a verb asks, how long it waits for it, and how it says that nobody answers.</summary>
/// <param name="Config">The file of <c>--config</c>, as it was typed.</param>
/// <param name="Socket">The path of <c>--socket</c>, as it was typed.</param>
/// <param name="Patience">How long to wait for an answer.</param>
internal sealed record DaemonTarget(string? Config, string? Socket, TimeSpan Patience)
{
    /// <exception cref="AdminException">None answers.</exception>
    public Task<AdminClient> FindAsync(CancellationToken cancellationToken) => Socket is { } socket
        ? AdminSearch.AtAsync(socket, Patience, cancellationToken)
        : AdminSearch.ByConfigurationAsync(DaemonOptions.ConfigurationPath(Config), Patience, cancellationToken);

    /// <summary>Runs what asks the daemon within the patience; says what went wrong.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> AskAsync(Func<CancellationToken, Task<int>> ask, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            return await ask(deadline.Token);
        }
        catch (Exception e) when (IsNoAnswer(e))
        {
            foreach (var line in LinesOf(e))
                await console.Error.WriteLineAsync(line);
            return CommandLine.Failure;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"baton: the daemon has not answered within {Patience.TotalSeconds} s."));
            return CommandLine.Failure;
        }
    }

    /// <summary>Why a daemon could not be asked.</summary>
    public static IReadOnlyList<string> LinesOf(Exception e) => (e as AdminException)?.Lines ?? [$"baton: {e.Message}"];

    // Apart, so that a verb that speaks no HTTP does not load the client for its exception.
    private static bool IsNoAnswer(Exception e) => e is AdminException || IsBrokenHttp(e);

    private static bool IsBrokenHttp(Exception e) => e is HttpRequestException;
}
