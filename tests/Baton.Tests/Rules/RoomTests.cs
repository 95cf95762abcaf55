using System.Text.RegularExpressions;
using Xunit;

namespace Baton.Tests.Rules;

/// <summary>Which room may know which, and the doors there is only one of.</summary>
public sealed partial class RoomTests
{
    private const string Library = "Baton.Handover";

    [Theory]
    [InlineData("Native", "Microsoft.AspNetCore", "Baton.Handover.Processes", "Baton.Handover.Sockets", "Baton.Handover.Transport", "Baton.Handover.Hosting", "Baton.Handover.Init")]
    [InlineData("Sockets", "Microsoft.AspNetCore", "Baton.Handover.Processes", "Baton.Handover.Transport", "Baton.Handover.Hosting", "Baton.Handover.Init")]
    [InlineData("Processes", "Microsoft.AspNetCore", "Baton.Handover.Transport", "Baton.Handover.Hosting", "Baton.Handover.Init")]
    [InlineData("Init", "Microsoft.AspNetCore", "Microsoft.Extensions", "System.Net", "Baton.Handover.Sockets", "Baton.Handover.Transport", "Baton.Handover.Hosting")]
    [InlineData("Transport", "Baton.Handover.Processes", "Baton.Handover.Native", "Baton.Handover.Hosting", "Baton.Handover.Init")]
    [InlineData("", "Microsoft.AspNetCore", "Baton.Handover.Transport", "Baton.Handover.Hosting", "Baton.Handover.Init")]
    public void A_room_of_the_library_knows_only_the_rooms_below_it(string room, params string[] forbidden)
    {
        var inRoom = SourceFile.All.Where(file => file.Room == Path.Combine(Library, room).TrimEnd('/')).ToList();
        Assert.NotEmpty(inRoom);
        Assert.Empty(from file in inRoom from name in forbidden where file.Mentions(name) select $"{file}: {name}");
    }

    [Theory]
    [InlineData("Yarp")]
    [InlineData("Serilog")]
    [InlineData("Systemd")]
    [InlineData("NOTIFY_SOCKET")]
    [InlineData("IConfiguration")]
    public void The_library_knows_nothing_of_the_daemon(string word) =>
        Assert.DoesNotContain(SourceFile.All, file => file.Name.StartsWith(Library + "/", StringComparison.Ordinal) && file.Mentions(word));

    [Fact]
    public void The_library_uses_the_shared_framework_and_no_package_and_opens_itself_to_its_tests_alone()
    {
        var project = File.ReadAllText(Path.Combine(RepositoryFiles.Source, Library, Library + ".csproj"));
        Assert.Equal(["Microsoft.CodeAnalysis.BannedApiAnalyzers"], PackageReference().Matches(project).Select(match => match.Groups[1].Value));
        Assert.Equal(["Baton.Handover.Tests"], InternalsVisibleTo().Matches(project).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void Features_do_not_call_one_another()
    {
        var features = SourceFile.All.Where(file => file.Room == "Baton/Features").ToList();
        var entries = features.Select(file => Path.GetFileNameWithoutExtension(file.Name)).Where(name => features.Any(file => file.Mentions($"static class {name}"))).ToList();
        Assert.NotEmpty(entries);
        Assert.Empty(from file in features
                     from entry in entries
                     where Path.GetFileNameWithoutExtension(file.Name) != entry && Regex.IsMatch(file.Text, $@"(?<!\w){entry}\.\w")
                     select $"{file} calls {entry}");
    }

    [Fact]
    public void Native_calls_stand_in_Native() =>
        Assert.DoesNotContain(SourceFile.All, file => file.Room != "Baton.Handover/Native" && (file.Mentions("[LibraryImport") || file.Mentions("[DllImport")));

    [Fact]
    public void There_is_one_door_each_to_the_environment_and_to_signals()
    {
        string[] doors =
        [
            "Baton.Handover/Processes/InheritedEnvironment.cs",
            "Baton.Handover/Processes/ProcessSignals.cs",
            "Baton.Handover/Processes/SignalHandlers.cs",
            "Baton/Configuration/ProcessEnvironment.cs",
        ];
        Assert.Equal(doors, SourceFile.All.Where(file => file.Mentions("RS0030")).Select(file => file.Name));
    }

    [Fact]
    public void Only_the_launcher_starts_processes() =>
        Assert.Equal(["Baton.Handover/Processes/Launcher.cs"], SourceFile.All.Where(file => file.Mentions("DetachedSpawn.Start(")).Select(file => file.Name));

    [Fact]
    public void Only_the_constant_process_starts_children() =>
        Assert.Equal(
            ["Baton.Handover/Init/Generations.cs", "Baton.Handover/Native/DetachedSpawn.cs"], // The latter to learn why it failed.
            SourceFile.All.Where(file => file.Mentions("ChildProcess.Start(")).Select(file => file.Name));

    [Fact]
    public void No_file_is_longer_than_250_lines() =>
        Assert.DoesNotContain(SourceFile.All, file => file.Text.Count(character => character == '\n') > 250);

    [GeneratedRegex("PackageReference Include=\"([^\"]+)\"")]
    private static partial Regex PackageReference();

    [GeneratedRegex("InternalsVisibleTo Include=\"([^\"]+)\"")]
    private static partial Regex InternalsVisibleTo();
}
