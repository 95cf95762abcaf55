using Baton.Handover.Native;

namespace Baton.Handover.Processes;

/// <summary>Starts successors; a seam for tests.</summary>
internal interface ILauncher
{
    /// <summary>Starts one.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="state">The file with what this generation knows, if there is one; it stays open here.</param>
    /// <param name="isRehearsal">Whether it will be told to end instead of to take over.</param>
    /// <exception cref="HandoverException">It could not be started; the reason says what was tried.</exception>
    ISuccessor Launch(int generation, DescriptorHandle? state, bool isRehearsal);
}
