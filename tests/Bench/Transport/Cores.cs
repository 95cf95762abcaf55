namespace Baton.Bench.Transport;

/// <summary>Which core is whose: a server that shares its core with the load would be measured by the load's appetite.</summary>
internal static class Cores
{
    public const string Server = "0";
    public const string Load = "1";
}
