namespace Baton.Handover;

/// <summary>Gathers what this generation knows for its successor, and spreads what the predecessor knew; a seam for tests.</summary>
internal interface IStateKeeper
{
    /// <summary>Everything, as it is now. Never throws: what cannot be saved is left out.</summary>
    byte[] Save();

    /// <summary>Takes what the predecessor knew. Never throws: what cannot be read is left out.</summary>
    /// <param name="state">Null where the predecessor gave something that is no state.</param>
    /// <param name="moment">When it was saved.</param>
    void Load(byte[]? state, StateMoment moment);
}
