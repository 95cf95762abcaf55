namespace Baton.Tests.Configuration;

/// <summary>A temporary directory with a configuration file.</summary>
internal sealed class ConfigFolder : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("baton-config-");

    public ConfigFolder(string json) => Write(json);

    public string Path => _directory.FullName;

    public string File => System.IO.Path.Combine(Path, "baton.json");

    /// <summary>Writes the file in place, as a simple editor does.</summary>
    public void Write(string json) => System.IO.File.WriteAllText(File, json);

    /// <summary>Puts a new file in place of the old one, as a careful editor does.</summary>
    public void Replace(string json)
    {
        System.IO.File.WriteAllText(File + ".new", json);
        System.IO.File.Move(File + ".new", File, overwrite: true);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
