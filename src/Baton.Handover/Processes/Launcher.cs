using System.Diagnostics;
using System.IO.Pipes;
using Baton.Handover.Native;
using Baton.Handover.Sockets;

namespace Baton.Handover.Processes;

/// <summary>
/// The only process start: runs the command that this process was started with, with the listeners as fds 3, 4, 5 …, then
/// the ready pipe, the hand-over channel, the file with what this process knows, and the link to the constant process.
/// </summary>
internal sealed class Launcher(LaunchCommand command, ListenSockets listeners, ConstantLink? constant) : ILauncher
{
    public ISuccessor Launch(int generation, DescriptorHandle? state, bool isRehearsal)
    {
        if (Environment.ProcessId == 1)
            throw new HandoverException("This process is PID 1 of its container: when it exits to make way for a successor, the kernel ends the container and the successor with it (pid_namespaces(7)). Put a constant process in front of it (ConstantProcess.Run), or replace the container instead.");

        var passed = listeners.Open;
        AnonymousPipeServerStream? ready = null;
        DescriptorHandle? ours = null, theirs = null;
        try
        {
            ready = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
            (ours, theirs) = SocketCalls.Pair();

            List<int> sources = [.. passed.Select(listener => listener.Fd)];
            int Pass(int fd)
            {
                sources.Add(fd);
                return Inheritance.FirstFd + sources.Count - 1;
            }

            var inheritance = new Inheritance(
                generation,
                Environment.ProcessId,
                Pass((int)ready.ClientSafePipeHandle.DangerousGetHandle()),
                Pass(theirs.Fd),
                [.. passed.Select((listener, index) => new InheritedListener(Inheritance.FirstFd + index, listener.Address.ToString()))])
            {
                State = state is null ? null : Pass(state.Fd),
                Constant = constant is null ? null : new InheritedLink(Pass(constant.Fd), constant.Pid),
                IsRehearsal = isRehearsal,
            };

            var successor = Follow(Start(inheritance, sources), passed, ready, ours);
            (ready, ours) = (null, null);
            return successor;
        }
        catch (IOException e)
        {
            throw new HandoverException($"Preparing the launch of the successor failed: {e.Message}. If descriptors have run out, {Errno.MoreDescriptors}.", e);
        }
        finally
        {
            theirs?.Dispose();
            ours?.Dispose();
            ready?.DisposeLocalCopyOfClientHandle(); // Once it was passed on, Dispose leaves it alone.
            ready?.Dispose();
        }
    }

    private static Successor Follow(int pid, IReadOnlyList<ListenSocket> passed, AnonymousPipeServerStream ready, DescriptorHandle channel)
    {
        try
        {
            return new Successor(pid, passed, ready, channel);
        }
        catch
        {
            // Nobody would watch it, and with nobody at the other end of its channel it would accept beside this process.
            using var process = Process.GetProcessById(pid);
            process.Kill();
            throw;
        }
    }

    private int Start(Inheritance inheritance, List<int> sources)
    {
        // Sources and targets must not collide: a source numbered 5 would be overwritten by the target 5 before its turn.
        var copies = new List<DescriptorHandle>(sources.Count);
        try
        {
            foreach (var source in sources)
                copies.Add(DescriptorHandle.Duplicate(source, atLeast: Inheritance.FirstFd + sources.Count));

            using var plan = new SpawnPlan(
                command.Arguments,
                InheritedEnvironment.ForSuccessor(inheritance),
                command.WorkingDirectory,
                [.. copies.Select(copy => copy.Fd)]);
            var pid = DetachedSpawn.Start(plan, out var errno);
            return errno == 0 ? pid : throw command.Failure("Starting the successor", errno);
        }
        finally
        {
            foreach (var copy in copies)
                copy.Dispose();
        }
    }
}
