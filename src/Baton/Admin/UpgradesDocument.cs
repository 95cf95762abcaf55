using Baton.Handover;

namespace Baton.Admin;

/// <summary>The answer to <c>GET /upgrades</c>.</summary>
/// <param name="Reports">The last upgrades, at most a hundred, oldest first, whichever generation has run them.</param>
internal sealed record UpgradesDocument(IReadOnlyList<UpgradeReport> Reports);
