namespace Baton.Admin;

/// <summary>The daemon could not be asked, or did not answer as it should; says it in lines for an operator.</summary>
internal sealed class AdminException(params IReadOnlyList<string> lines) : Exception(string.Join(Environment.NewLine, lines))
{
    public IReadOnlyList<string> Lines => lines;
}
