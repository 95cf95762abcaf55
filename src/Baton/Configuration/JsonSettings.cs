using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Baton.Configuration;

/// <summary>
/// Reads a JSON file into settings. Unlike the framework's reader it keeps line and column of every key and lists all
/// doubled keys, because "invalid configuration" without a line costs an operator the night.
/// </summary>
internal ref struct JsonSettings
{
    private static readonly JsonReaderOptions Options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    private readonly ReadOnlySpan<byte> _text;
    private readonly Settings _settings;
    private readonly List<ConfigurationError> _errors;
    private readonly HashSet<SettingSection> _implied = []; // "a" of a key "a:b": it is not set, and still may be
    private readonly RecentTexts _texts = new();
    private Utf8JsonReader _reader;
    private int _counted; // bytes of the text of which the lines are counted
    private int _line = 1;
    private int _lineStart;

    private JsonSettings(ReadOnlySpan<byte> text, Settings settings, List<ConfigurationError> errors)
    {
        _text = text;
        _settings = settings;
        _errors = errors;
        _reader = new Utf8JsonReader(text, Options);
    }

    /// <summary>Adds what the text says to the settings, and every key that is set twice to the errors.</summary>
    /// <exception cref="ConfigurationException">The text is not JSON; what follows the place cannot be judged.</exception>
    public static void Read(ReadOnlySpan<byte> text, Settings settings, List<ConfigurationError> errors)
    {
        // RFC 8259, 8.1: a parser may ignore a byte order mark; editors on other systems write one.
        if (text.StartsWith(Encoding.UTF8.Preamble))
            text = text[Encoding.UTF8.Preamble.Length..];

        var json = new JsonSettings(text, settings, errors);
        try
        {
            json.ReadFile();
        }
        catch (JsonException) when (text.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            throw new ConfigurationException([new ConfigurationError(settings.File, "The file is empty. The least that works is {}.")]);
        }
        catch (JsonException e)
        {
            var position = new SettingOrigin(settings.File, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1);
            throw new ConfigurationException([new ConfigurationError(position, $"This is not JSON: {WithoutPosition(e.Message)}")]);
        }
        catch (InvalidOperationException e) // what GetString throws for bytes that are not UTF-8
        {
            throw new ConfigurationException([new ConfigurationError(json.Origin(json.Position()), $"This is not JSON: {e.Message}")]);
        }
    }

    private void ReadFile()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.StartObject)
            ReadObject(_settings.Root);
        else
            _errors.Add(new ConfigurationError(Origin(Position()), "The configuration must be a JSON object: { … }."));

        while (_reader.Read())
        {
            // Text after the closing brace makes the reader throw; comments are skipped.
        }
    }

    private void ReadObject(SettingSection section)
    {
        var empty = true;
        var start = Position();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            empty = false;
            var position = Position();
            var child = Below(section, _texts.Of(ref _reader), position);
            _reader.Read();
            ReadValue(child, position);
        }

        if (empty && section != _settings.Root)
            section.Set(null, Origin(start));
    }

    private void ReadArray(SettingSection section)
    {
        var start = Position();
        var index = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            var position = Position();
            ReadValue(Below(section, index++.ToString(CultureInfo.InvariantCulture), position), position);
        }

        if (index == 0)
            section.Set("", Origin(start));
    }

    private void ReadValue(SettingSection section, (int Line, int Column) position)
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadObject(section);
                break;
            case JsonTokenType.StartArray:
                ReadArray(section);
                break;
            case JsonTokenType.Null:
                section.Set(null, Origin(position));
                break;
            case JsonTokenType.String:
                section.Set(_texts.Of(ref _reader), Origin(position));
                break;
            default: // numbers, true, false: as they are written
                section.Set(Encoding.UTF8.GetString(_reader.ValueSpan), Origin(position));
                break;
        }
    }

    private SettingSection Below(SettingSection section, string name, (int Line, int Column) position)
    {
        if (name.LastIndexOf(':') is >= 0 and var end)
            (section, name) = (Around(section, name[..end]), name[(end + 1)..]);
        if (section.Child(name) is not { } known)
            return section.Add(name);
        if (!_implied.Remove(known))
        {
            var key = known.Path[..^name.Length] + name;
            _errors.Add(new ConfigurationError(Origin(position), $"{key} is set twice, here and at {_settings.OriginOf(key)}. Remove one of them.", key));
        }

        return known;
    }

    private SettingSection Around(SettingSection section, string path)
    {
        foreach (var part in path.Split(':'))
        {
            if (section.Child(part) is not { } around)
                _implied.Add(around = section.Add(part));
            section = around;
        }

        return section;
    }

    private SettingOrigin Origin((int Line, int Column) position) => new(_settings.File, position.Line, position.Column);

    private (int Line, int Column) Position()
    {
        var at = (int)_reader.TokenStartIndex;
        while (_text[_counted..at].IndexOf((byte)'\n') is >= 0 and var end)
        {
            _line++;
            _lineStart = _counted += end + 1;
        }

        _counted = at;
        return (_line, at - _lineStart + 1);
    }

    private static string WithoutPosition(string message) =>
        message.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var end ? message[..end] : message;
}
