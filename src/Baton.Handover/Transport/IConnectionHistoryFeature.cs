namespace Baton.Handover.Transport;

/// <summary>A connection's past, on its feature collection.</summary>
public interface IConnectionHistoryFeature
{
    /// <summary>Everything up to now.</summary>
    ConnectionHistory History { get; }
}
