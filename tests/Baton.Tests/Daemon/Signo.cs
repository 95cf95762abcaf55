namespace Baton.Tests.Daemon;

/// <summary>Signals by their Linux numbers (signal(7)).</summary>
public enum Signo
{
    SIGHUP = 1,
    SIGINT = 2,
    SIGQUIT = 3,
    SIGKILL = 9,
    SIGUSR1 = 10,
    SIGTERM = 15,
    SIGCONT = 18,
    SIGSTOP = 19,
}
