namespace Baton.Handover;

/// <summary>Gathers what this generation knows for its successor, and spreads what the predecessor knew; a seam for tests.</summary>
internal interface IStateKeeper
{
    /// <summary>Everything that is to be told at this moment, as it is now. Never throws: what cannot be saved is left out.</summary>
    byte[] Save(StateMoment moment);

    /// <summary>Says that this generation is about to accept again. Never throws.</summary>
    void Resuming();

    /// <summary>Takes what the other generation has told. Never throws: what cannot be read is left out.</summary>
    /// <param name="state">Null where something was given that is no state.</param>
    /// <param name="moment">When it was saved.</param>
    void Load(byte[]? state, StateMoment moment);
}
