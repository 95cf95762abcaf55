namespace Baton.Handover;

/// <summary>A step of a handover that could not be done, with every reason in words an operator can act on.</summary>
public sealed class HandoverException : Exception
{
    public HandoverException(string message, Exception? inner = null)
        : base(message, inner) => Reasons = [message];

    public HandoverException(IReadOnlyList<string> reasons)
        : base(string.Join(Environment.NewLine, reasons)) => Reasons = reasons;

    /// <summary>Every reason, one sentence each; never empty.</summary>
    public IReadOnlyList<string> Reasons { get; }
}
