using System.Net.Mime;

namespace Baton.Admin.Page;

/// <summary>
/// The page of the admin interface: files that the browser takes as they are, with no build step. It asks the interface itself
/// for what it shows, so it stays live while generations follow one another behind it.
/// </summary>
internal static class PageFiles
{
    /// <summary>Begins the names of the files in the assembly; see Baton.csproj.</summary>
    private const string Prefix = "page/";

    private const string Index = "index.html";

    /// <summary>Every file at its name, the page itself at "/".</summary>
    public static IReadOnlyList<PageFile> All { get; } =
    [
        .. typeof(PageFiles).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => (Resource: name, File: name[Prefix.Length..]))
            .Select(name => new PageFile(name.File == Index ? "/" : $"/{name.File}", ContentType(name.File), name.Resource)),
    ];

    private static string ContentType(string file) => Path.GetExtension(file) switch
    {
        ".html" => $"{MediaTypeNames.Text.Html}; charset=utf-8",
        ".css" => $"{MediaTypeNames.Text.Css}; charset=utf-8",
        ".js" => $"{MediaTypeNames.Text.JavaScript}; charset=utf-8",
        ".svg" => MediaTypeNames.Image.Svg,
        var other => throw new InvalidOperationException($"The file {file} of the page ends with '{other}', for which no content type is known."),
    };
}
