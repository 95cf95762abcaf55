namespace Baton.Handover;

/// <summary>Connections that the predecessor has passed and still holds copies of. Either method is called, once.</summary>
internal interface IAdoption
{
    /// <summary>The indices of those that cannot be adopted; they are closed here already.</summary>
    IReadOnlyCollection<int> Refused { get; }

    /// <summary>The predecessor has let go of them: reads the first byte.</summary>
    void Begin();

    /// <summary>The predecessor was not told: it goes on with them itself.</summary>
    void Drop();
}
