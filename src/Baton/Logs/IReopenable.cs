namespace Baton.Logs;

/// <summary>Has files that are opened anew on SIGUSR1. Registered as a service.</summary>
internal interface IReopenable
{
    /// <summary>Opens all of them anew; if that fails, the old ones stay in use.</summary>
    /// <exception cref="Baton.Configuration.ConfigurationException">A sink of the log cannot be opened.</exception>
    /// <exception cref="Baton.Handover.HandoverException">Another file cannot be opened.</exception>
    void Reopen();
}
