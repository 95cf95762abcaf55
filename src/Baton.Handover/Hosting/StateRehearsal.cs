using Baton.Handover.Processes;

namespace Baton.Handover.Hosting;

/// <summary>
/// Saves once what a successor would be told, for nobody: the first time makes what all later ones need, and at the launch of a
/// successor clients would wait for that.
/// </summary>
internal sealed class StateRehearsal(IStateKeeper state) : IPreparation
{
    public Task PrepareAsync(CancellationToken cancellation)
    {
        StateFile.Write(state.Save(StateMoment.Launch)).Dispose();
        return Task.CompletedTask;
    }
}
