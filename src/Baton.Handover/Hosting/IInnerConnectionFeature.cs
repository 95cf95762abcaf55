namespace Baton.Handover.Hosting;

/// <summary>On every request that has come over one of the <see cref="InnerConnections"/>.</summary>
public interface IInnerConnectionFeature;
