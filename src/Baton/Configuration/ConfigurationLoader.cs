using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;

namespace Baton.Configuration;

/// <summary>Reads the configuration from all its sources and validates the whole of it: at start, and on every change.</summary>
/// <param name="file">The absolute path of the JSON file.</param>
/// <param name="environment">Environment variables with the prefix <c>BATON__</c>.</param>
/// <param name="overrides">The texts of <c>--set</c>, in order.</param>
internal sealed class ConfigurationLoader(string file, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> overrides)
{
    public string File { get; } = file;

    /// <exception cref="ConfigurationException">The file cannot be read, or the configuration is not valid.</exception>
    public async Task<LoadedConfiguration> LoadAsync(CancellationToken cancellationToken = default) =>
        await ReadAsync(await ContentAsync(cancellationToken));

    /// <summary>Reads and validates all of it, and leaves the judgement to the caller.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read, or it is no JSON.</exception>
    public async Task<Inspection> InspectAsync(CancellationToken cancellationToken = default) =>
        await InspectAsync(await ContentAsync(cancellationToken));

    /// <exception cref="ConfigurationException">The configuration is not valid; carries every error.</exception>
    public async Task<LoadedConfiguration> ReadAsync(ReadOnlyMemory<byte> content)
    {
        var inspection = await InspectAsync(content);
        var findings = inspection.Findings;
        return findings.Errors.Count == 0
            ? new LoadedConfiguration(content, inspection.Settings, inspection.Options, inspection.Proxy!, findings.Warnings)
            : throw new ConfigurationException(findings.Errors, findings.Warnings);
    }

    private async Task<byte[]> ContentAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await System.IO.File.ReadAllBytesAsync(File, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([new ConfigurationError(File, $"The file cannot be read: {e.Message}")]);
        }
    }

    private async Task<Inspection> InspectAsync(ReadOnlyMemory<byte> content)
    {
        var errors = new List<ConfigurationError>();
        var settings = SettingSources.Read(File, content.Span, environment, overrides, errors);
        var findings = new Findings(settings, errors);
        CheckShape(settings, findings);

        // What does not parse is reported; the checks of meaning go on with the rest, so that one run shows everything.
        var readable = settings.Without(findings.Unreadable);
        var configuration = readable.ToConfiguration();
        KestrelValidation.Check(configuration, findings);
        SerilogValidation.Check(configuration, findings);
        var proxy = await ProxyValidation.CheckAsync(readable.Section(SectionNames.ReverseProxy), findings);
        return new Inspection(content, settings, BindOptions(configuration, findings), proxy, findings);
    }

    private static void CheckShape(Settings settings, Findings findings)
    {
        foreach (var section in settings.Root.Children)
        {
            var isComment = section.Key.StartsWith('$') || section.Key.StartsWith("//", StringComparison.Ordinal);
            if (SectionNames.Find(section.Key) is null && !isComment)
                findings.Warning(section.Key, $"{section.Key} is not a section and is ignored.{NearestName.Hint(section.Key, SectionNames.All)}");
        }

        new ShapeCheck(findings, unknownIsError: false).Check(typeof(KestrelSection), settings.Section(SectionNames.Kestrel));
        new ShapeCheck(findings, unknownIsError: false, "RouteConfig.RouteId", "ClusterConfig.ClusterId")
            .Check(typeof(ProxySection), settings.Section(SectionNames.ReverseProxy));
        new ShapeCheck(findings, unknownIsError: true).Check(typeof(BatonOptions), settings.Section(SectionNames.Baton));
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Baton.csproj keeps the assemblies of all types that are looked at here.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "No option is a list or a dictionary of values.")]
    private static BatonOptions BindOptions(IConfigurationRoot configuration, Findings findings)
    {
        var options = configuration.GetSection(SectionNames.Baton).Get<BatonOptions>() ?? new BatonOptions();
        foreach (var complaint in options.Validate())
        {
            // A complaint begins with the name of its option: "DrainTimeout is …".
            var name = complaint.Split(' ', 2)[0];
            findings.Error($"{SectionNames.Baton}:{name}", $"{SectionNames.Baton}:{complaint}");
        }

        return options;
    }
}
