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
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);
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
            throw new ConfigurationException([new ConfigurationError(json.Position(), $"This is not JSON: {e.Message}")]);
        }
    }

    private void ReadFile()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.StartObject)
            ReadObject("");
        else
            _errors.Add(new ConfigurationError(Position(), "The configuration must be a JSON object: { … }."));

        while (_reader.Read())
        {
            // Text after the closing brace makes the reader throw; comments are skipped.
        }
    }

    private void ReadObject(string path)
    {
        var empty = true;
        var origin = Position();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            empty = false;
            var key = Join(path, _reader.GetString()!);
            var position = Position();
            _reader.Read();
            ReadValue(key, position);
        }

        if (empty && path.Length > 0)
            _settings.Set(path, null, origin);
    }

    private void ReadArray(string path)
    {
        var origin = Position();
        var index = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            ReadValue(Join(path, index++.ToString(CultureInfo.InvariantCulture)), Position());
        if (index == 0)
            _settings.Set(path, "", origin);
    }

    private void ReadValue(string key, SettingOrigin position)
    {
        if (!_seen.Add(key))
            _errors.Add(new ConfigurationError(position, $"{key} is set twice, here and at {_settings.OriginOf(key)}. Remove one of them.", key));

        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadObject(key);
                break;
            case JsonTokenType.StartArray:
                ReadArray(key);
                break;
            case JsonTokenType.Null:
                _settings.Set(key, null, position);
                break;
            case JsonTokenType.String:
                _settings.Set(key, _reader.GetString(), position);
                break;
            default: // numbers, true, false: as they are written
                _settings.Set(key, Encoding.UTF8.GetString(_reader.ValueSpan), position);
                break;
        }
    }

    private SettingOrigin Position()
    {
        var at = (int)_reader.TokenStartIndex;
        for (; _counted < at; _counted++)
        {
            if (_text[_counted] != '\n')
                continue;
            _line++;
            _lineStart = _counted + 1;
        }

        return new SettingOrigin(_settings.File, _line, at - _lineStart + 1);
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}:{name}";

    private static string WithoutPosition(string message) =>
        message.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var end ? message[..end] : message;
}
