namespace Baton.Tests.Rules;

/// <summary>A source file with the room it stands in.</summary>
internal sealed record SourceFile(string Name, string Text)
{
    /// <summary>Every file of ours below src, by its name relative to it: <c>Baton.Handover/Native/Errno.cs</c>.</summary>
    public static IReadOnlyList<SourceFile> All { get; } =
    [
        .. Directory.EnumerateFiles(RepositoryFiles.Source, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(RepositoryFiles.Source, file))
            .Where(name => !name.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(name => new SourceFile(name, File.ReadAllText(Path.Combine(RepositoryFiles.Source, name)))),
    ];

    public string Room => Path.GetDirectoryName(Name)!;

    public bool Mentions(string text) => Text.Contains(text, StringComparison.Ordinal);

    public override string ToString() => Name;
}
