namespace Baton.Bench.Peers;

/// <summary>One line of the table: what is measured, and in which unit.</summary>
/// <param name="Part">The heading under which it stands.</param>
/// <param name="Title">What is measured.</param>
/// <param name="Unit">As in "ms".</param>
/// <param name="Best">Which of the peers is the best, with whom the others are compared.</param>
internal sealed record Row(string Part, string Title, string Unit, Best Best = Best.Least);
