namespace Baton.Configuration;

/// <summary>The four sections of the file.</summary>
internal static class SectionNames
{
    public const string Kestrel = "Kestrel";
    public const string ReverseProxy = "ReverseProxy";
    public const string Serilog = "Serilog";
    public const string Baton = "Baton";

    public static readonly IReadOnlyList<string> All = [Kestrel, ReverseProxy, Serilog, Baton];

    /// <summary>The section with this name in its usual spelling; names are not case-sensitive.</summary>
    public static string? Find(string name) =>
        All.FirstOrDefault(section => section.Equals(name, StringComparison.OrdinalIgnoreCase));
}
