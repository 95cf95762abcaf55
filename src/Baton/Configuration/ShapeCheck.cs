using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Baton.Configuration;

/// <summary>
/// Compares a section with the type it will become: is every key known, does every value parse? The binders of .NET and
/// of YARP would ignore the first and stop at the first of the second.
/// </summary>
/// <param name="findings">Takes what is wrong.</param>
/// <param name="unknownIsError">Whether an unknown key is an error (sections of ours) or a warning (sections of others).</param>
/// <param name="notKeys">Properties that are not written in the configuration, as in <c>RouteConfig.RouteId</c>, which is the key itself.</param>
internal sealed class ShapeCheck(Findings findings, bool unknownIsError, params string[] notKeys)
{
    private readonly NullabilityInfoContext _nullability = new();
    private readonly Dictionary<Type, Dictionary<string, Key>> _keys = [];

    public void Check(Type type, SettingSection section, bool mayBeNull = true)
    {
        var children = section.Children;
        type = Nullable.GetUnderlyingType(type) ?? type;

        // A set of flags is written as a list of names, as in "SslProtocols": ["Tls12", "Tls13"].
        if (type.IsEnum && children.Count > 0 && type.IsDefined(typeof(FlagsAttribute)))
        {
            foreach (var child in children)
                CheckValue(type, child, mayBeNull: false);
        }
        else if (ValueFormat.IsValue(type) && children.Count > 0)
            Unreadable(section, $"{section.Path} is a section, but it must be a value.");
        else if (ValueFormat.IsValue(type))
            CheckValue(type, section, mayBeNull);
        else if (!string.IsNullOrEmpty(section.Value))
            findings.CannotRead(section.Path, $"{section.Path} is '{section.Value}', but it must be a section: {{ … }}.");
        else if (ElementOf(type) is { } element)
        {
            foreach (var child in children)
                Check(element, child);
        }
        else
            CheckObject(type, children);
    }

    /// <summary>The names of the keys that a type takes from its section.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Baton.csproj keeps the assemblies of all types that are looked at here.")]
    public static IEnumerable<PropertyInfo> KeysOf(Type type)
    {
        // Besides what can be set, binders fill objects that are there already and what a constructor takes.
        var parameters = type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.Name);
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true }
                || (property.PropertyType.IsClass && property.PropertyType != typeof(string))
                || parameters.Contains(property.Name, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>What a list or a dictionary holds; null when the type is neither.</summary>
    public static Type? ElementOf(Type type) =>
        type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()[^1] : null;

    private void CheckObject(Type type, IReadOnlyList<SettingSection> children)
    {
        if (!_keys.TryGetValue(type, out var keys))
        {
            keys = KeysOf(type).Where(key => !notKeys.Contains($"{type.Name}.{key.Name}")).Select(KeyOf).ToDictionary(key => key.Name, StringComparer.OrdinalIgnoreCase);
            _keys.Add(type, keys);
        }

        foreach (var child in children)
        {
            if (keys.TryGetValue(child.Key, out var key))
                Check(key.Type, child, key.MayBeNull);
            else
                Unknown(child, keys.Keys);
        }
    }

    private Key KeyOf(PropertyInfo property) =>
        new(property.Name, property.PropertyType, _nullability.Create(property).WriteState != NullabilityState.NotNull);

    private void CheckValue(Type type, SettingSection section, bool mayBeNull)
    {
        if (section.Value is null)
        {
            if (!mayBeNull)
                Unreadable(section, $"{section.Path} is null, but it needs a value. Leave the line out for the default.");
            return;
        }

        if (ValueFormat.Complaint(type, section.Value) is { } complaint)
            Unreadable(section, $"{section.Path} is '{section.Value}', but it must be {complaint}.");
    }

    private void Unknown(SettingSection section, IReadOnlyCollection<string> known)
    {
        var message = $"{section.Path} is not known.{NearestName.Hint(section.Key, known)}";
        if (unknownIsError)
            findings.Error(section.Path, message);
        else
            findings.Warning(section.Path, message);
    }

    private void Unreadable(SettingSection section, string message) => findings.CannotRead(section.Path, message);

    // Asked of each type once: a file may have a thousand routes, and reflection takes longer than all else that is done with them.
    private sealed record Key(string Name, Type Type, bool MayBeNull);
}
