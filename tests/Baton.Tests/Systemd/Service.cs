using System.Globalization;
using System.Text.Json.Nodes;
using Baton.Tests.Daemon;

namespace Baton.Tests.Systemd;

/// <summary>The unit <c>baton.service</c> in the lab, as it is shipped, with a configuration and settings of a test.</summary>
public sealed class Service : IAsyncDisposable
{
    private const string Configuration = "/etc/baton/baton.json";
    private const string DropIn = "/etc/systemd/system/baton.service.d/test.conf";

    private readonly SystemdLab _lab;
    private readonly string _cursor;

    private Service(SystemdLab lab, string cursor)
    {
        _lab = lab;
        _cursor = cursor;
    }

    /// <summary>Prepares it, and does not start it.</summary>
    /// <param name="lab">Where.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="settings">Lines for its section <c>Service</c>.</param>
    public static async Task<Service> PrepareAsync(SystemdLab lab, ConfigBuilder config, params string[] settings)
    {
        await lab.RunAsync("journalctl", "--sync"); // What is still on its way belongs to whoever was there before.
        var cursor = await lab.RunAsync("journalctl", "-n", "0", "--show-cursor", "-q");
        var service = new Service(lab, cursor.Split("cursor:")[^1].Trim());
        service.Write(config);
        await lab.RunAsync("mkdir", "-p", Path.GetDirectoryName(DropIn)!);
        await File.WriteAllTextAsync($"{lab.Root}{DropIn}", $"[Service]\n{string.Join('\n', settings)}\n");
        await lab.RunAsync("systemctl", "daemon-reload");
        return service;
    }

    /// <summary>Starts it.</summary>
    public static async Task<Service> StartAsync(SystemdLab lab, ConfigBuilder config, params string[] settings)
    {
        var service = await PrepareAsync(lab, config, settings);
        try
        {
            var (code, output) = await service.ControlAsync("start");
            return code == 0 ? service : throw new InvalidOperationException($"{output}{Environment.NewLine}{await service.JournalAsync()}");
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public void Write(ConfigBuilder config) => config.WriteTo($"{_lab.Root}{Configuration}");

    public void WriteText(string text) => File.WriteAllText($"{_lab.Root}{Configuration}", text);

    /// <summary><c>systemctl VERB baton</c>.</summary>
    public Task<(int Code, string Output)> ControlAsync(string verb) => _lab.TryAsync("systemctl", verb, "baton.service");

    /// <summary>A property, as <c>systemctl show</c> says it.</summary>
    public async Task<string> ShowAsync(string property) =>
        (await _lab.RunAsync("systemctl", "show", "baton.service", "--property", property, "--value")).Trim();

    public async Task<int> MainPidAsync() => int.Parse(await ShowAsync("MainPID"), CultureInfo.InvariantCulture);

    public Task KillAsync(string signal, int pid) => _lab.RunAsync("kill", $"-{signal}", pid.ToString(CultureInfo.InvariantCulture));

    /// <summary>Stops a process, and returns when every thread of it has stopped: until then one may still accept.</summary>
    public async Task FreezeAsync(int pid)
    {
        await KillAsync("STOP", pid);
        await _lab.RunAsync("sh", "-c", string.Create(CultureInfo.InvariantCulture, $"while grep -L '^State:.[tT]' /proc/{pid}/task/*/status | grep -q .; do sleep 0.01; done"));
    }

    public Task WaitForAsync(string property, string value) =>
        SystemdLab.WaitAsync(async () => await ShowAsync(property) == value, $"{property} becomes {value}", JournalAsync);

    public Task WaitForJournalAsync(string text) =>
        SystemdLab.WaitAsync(async () => (await JournalAsync()).Contains(text, StringComparison.Ordinal), $"The journal has '{text}'", JournalAsync);

    /// <summary>What was written since the start, by the service and about it.</summary>
    public Task<string> JournalAsync() => _lab.RunAsync("journalctl", "--unit", "baton.service", "--after-cursor", _cursor, "--output", "short-precise", "-q");

    /// <summary>The same as entries with their fields.</summary>
    public async Task<IReadOnlyList<JsonNode>> EntriesAsync() =>
        [.. (await _lab.RunAsync("journalctl", "--unit", "baton.service", "--after-cursor", _cursor, "--output", "json", "-q"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    public async ValueTask DisposeAsync()
    {
        await _lab.TryAsync("systemctl", "stop", "baton.socket");
        await _lab.TryAsync("systemctl", "kill", "--signal=KILL", "--kill-who=all", "baton.service");
        await ControlAsync("stop");
        await ControlAsync("reset-failed");
        File.Delete($"{_lab.Root}{DropIn}");
    }
}
