using System.Globalization;
using Baton.Configuration;

namespace Baton.Admin;

/// <summary>The configuration in force, for <c>GET /config</c>: what was set, the defaults of what was not, and no secrets.</summary>
internal sealed class ConfigSource(SettingsSource running)
{
    private const string Default = "default";

    public ConfigDocument Look()
    {
        var settings = running.Settings;
        return new ConfigDocument(
            settings.File,
            [
                .. settings.Root.Children
                    .Where(section => SectionNames.Find(section.Key) is not null)
                    .SelectMany(section => section.All)
                    .Select(setting => (Key: setting.Path, setting.Value, Origin: SecretMask.Origin(setting.Origin!.Value.ToString())))
                    .Concat(Defaults(SectionNames.Baton, new BatonOptions(), settings))
                    .OrderBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase)
                    .Select(setting => new SettingDocument(setting.Key, SecretMask.Of(setting.Key, setting.Value), setting.Origin)),
            ]);
    }

    private static IEnumerable<(string Key, string? Value, string Origin)> Defaults(string path, object options, Settings settings) =>
        ShapeCheck.KeysOf(options.GetType()).SelectMany(key => (Path: $"{path}:{key.Name}", Value: key.GetValue(options)) switch
        {
            var option when !ValueFormat.IsValue(Nullable.GetUnderlyingType(key.PropertyType) ?? key.PropertyType) => option.Value is null ? [] : Defaults(option.Path, option.Value, settings),
            var option when settings.Has(option.Path) => [],
            var option => [(option.Path, option.Value is null ? null : Convert.ToString(option.Value, CultureInfo.InvariantCulture), Default)],
        });
}
