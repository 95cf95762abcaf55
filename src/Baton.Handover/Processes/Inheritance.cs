using System.Globalization;
using System.Text.Json;

namespace Baton.Handover.Processes;

/// <summary>
/// What a successor inherits, as the text in its environment: which descriptor is what. The first two words are the same in
/// every version, so that a successor can refuse a version it does not know and still say so on the ready pipe.
/// </summary>
/// <example><c>1 5 {"generation":2,"predecessor":4711,"channel":6,"listeners":[{"fd":3,"address":"127.0.0.1:8080"}],"state":7}</c></example>
internal sealed record Inheritance(int Generation, int Predecessor, int ReadyPipe, int Channel, IReadOnlyList<InheritedListener> Listeners)
{
    public const int Version = 1;

    /// <summary>The file with what the predecessor knows; null if it gave none, or is of a build that gives none.</summary>
    public int? State { get; init; }

    /// <summary>The link to the constant process in front of the generations; null if there is none.</summary>
    public InheritedLink? Constant { get; init; }

    /// <summary>Whether the successor will be told to end instead of to take over.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>The number of the first inherited descriptor; 0 to 2 are the standard streams.</summary>
    public const int FirstFd = 3;

    public string ToText()
    {
        var body = new InheritanceBody(Generation, Predecessor, Channel, Listeners) { State = State, Constant = Constant, Rehearsal = IsRehearsal ? true : null };
        return string.Create(CultureInfo.InvariantCulture, $"{Version} {ReadyPipe} {JsonSerializer.Serialize(body, WireFormat.Default.InheritanceBody)}");
    }

    /// <summary>The descriptor of the ready pipe, which can be read from a text of any version; null if it is not one.</summary>
    public static int? ReadyPipeOf(string text) =>
        text.Split(' ', 3) is [_, var ready, ..] && int.TryParse(ready, NumberStyles.None, CultureInfo.InvariantCulture, out var fd) && fd >= FirstFd
            ? fd
            : null;

    /// <exception cref="HandoverException">The text is of another version, or damaged.</exception>
    public static Inheritance Parse(string text)
    {
        if (text.Split(' ', 3) is not [var version, _, var json] || ReadyPipeOf(text) is not { } ready)
            throw new HandoverException($"The inheritance is damaged: '{Excerpt(text)}'. Restart instead of upgrading.");
        if (version != Version.ToString(CultureInfo.InvariantCulture))
            throw new HandoverException($"The predecessor hands over in version {Excerpt(version)}, this build knows version {Version}. Upgrade by way of a build that knows both, or restart.");

        try
        {
            if (JsonSerializer.Deserialize(json, WireFormat.Default.InheritanceBody) is not { } body || body.Channel < FirstFd || body.Generation < 2 || body.Listeners.Any(listener => listener.Fd < FirstFd))
                throw new HandoverException($"The inheritance names impossible descriptors: '{Excerpt(text)}'. Restart instead of upgrading.");
            return new Inheritance(body.Generation, body.Predecessor, ready, body.Channel, body.Listeners)
            {
                State = body.State >= FirstFd ? body.State : null,
                Constant = body.Constant?.Fd >= FirstFd ? body.Constant : null,
                IsRehearsal = body.Rehearsal == true,
            };
        }
        catch (JsonException e)
        {
            throw new HandoverException($"The inheritance is damaged ({e.Message}): '{Excerpt(text)}'. Restart instead of upgrading.", e);
        }
    }

    private static string Excerpt(string text) => text.Length <= 200 ? text : text[..200] + "…";
}

/// <summary>An inherited listener: its descriptor, and the address it was asked to listen on (port 0 stays 0).</summary>
internal sealed record InheritedListener(int Fd, string Address);

/// <summary>The part of the text that belongs to one version.</summary>
internal sealed record InheritanceBody(int Generation, int Predecessor, int Channel, IReadOnlyList<InheritedListener> Listeners)
{
    public int? State { get; init; }

    public InheritedLink? Constant { get; init; }

    public bool? Rehearsal { get; init; }
}
