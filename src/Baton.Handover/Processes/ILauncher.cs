namespace Baton.Handover.Processes;

/// <summary>Starts successors; a seam for tests.</summary>
internal interface ILauncher
{
    /// <exception cref="HandoverException">It could not be started; the reason says what was tried.</exception>
    ISuccessor Launch(int generation);
}
