using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Baton.Admin;
using Baton.Configuration;

namespace Baton.Cli;

/// <summary><c>baton check</c>: what it does. It writes nothing, and the daemon that may run does not feel it.</summary>
internal sealed class CheckRun(RunArguments arguments, bool isJson, InvocationConfiguration console, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var loader = new ConfigurationLoader(
                ConfigurationFile.Find(arguments.Config),
                ProcessEnvironment.WithPrefix(SettingSources.EnvironmentPrefix),
                arguments.Overrides);
            var findings = await InspectAsync(loader, cancellationToken);
            return await TellAsync(findings.Errors, findings.Warnings, loader.File);
        }
        catch (ConfigurationException e)
        {
            return await TellAsync(e.Errors, e.Warnings, valid: null);
        }
    }

    private async Task<Findings> InspectAsync(ConfigurationLoader loader, CancellationToken cancellationToken)
    {
        var inspection = await loader.InspectAsync(cancellationToken);
        var (readable, findings) = (inspection.Readable, inspection.Findings);
        new CertificateCheck(readable, findings, clock.GetUtcNow()).Run();
        new ListenerCheck(readable, findings, await RunningAsync(loader.File, cancellationToken)).Run();
        LogFileCheck.Check(readable.ToConfiguration(), findings);
        return findings;
    }

    // Most often none runs, which is no fault here.
    private static async Task<IReadOnlyList<string>?> RunningAsync(string file, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            using var admin = await AdminSearch.ByConfigurationAsync(file, Patience, deadline.Token);
            return (await admin.StatusAsync(deadline.Token)).Listeners;
        }
        catch (Exception e) when (e is AdminException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private async Task<int> TellAsync(IReadOnlyList<ConfigurationError> errors, IReadOnlyList<ConfigurationError> warnings, string? valid)
    {
        if (isJson)
        {
            await TellAsJsonAsync([.. errors.Select(error => CheckFinding.Of(error, isWarning: false)), .. warnings.Select(warning => CheckFinding.Of(warning, isWarning: true))]);
        }
        else
        {
            foreach (var error in errors)
                await console.Error.WriteLineAsync(error.ToString());
            foreach (var warning in warnings)
                await console.Error.WriteLineAsync($"{warning} (a warning only)");
            if (errors.Count == 0)
                await console.Output.WriteLineAsync($"{valid} is valid for baton {ProgramVersion.Text}.");
        }

        return errors.Count == 0 ? 0 : CommandLine.Failure;
    }

    private async Task TellAsJsonAsync(IReadOnlyList<CheckFinding> findings)
    {
        var options = new JsonSerializerOptions(CheckFormat.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        await console.Output.WriteLineAsync(JsonSerializer.Serialize(findings, new CheckFormat(options).IReadOnlyListCheckFinding));
    }
}
