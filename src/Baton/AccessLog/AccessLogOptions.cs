using System.Globalization;

namespace Baton.AccessLog;

/// <summary>The section <c>Baton:AccessLog</c>.</summary>
internal sealed class AccessLogOptions
{
    /// <summary>In place of a path: the standard output.</summary>
    public const string StandardOutput = "stdout";

    /// <summary>
    /// Where a line for each request goes: a file, relative to the working directory, or "stdout". Default: null, there is no
    /// access log.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>
    /// "combined" as in nginx and Apache, "json" for one object a line, or a template such as
    /// <c>{client} {time} "{method} {path}" {status}</c>; see <see cref="LogFields"/>. Default: "combined".
    /// </summary>
    public string Format { get; set; } = LogFormat.Combined;

    /// <summary>
    /// Names of query parameters whose values are not written, separated by commas; "*" means all of them. Default: none.
    /// </summary>
    public string MaskQuery { get; set; } = "";

    /// <summary>
    /// Names of headers whose values are not written where the format asks for them, separated by commas. Default: those that
    /// let a reader in.
    /// </summary>
    public string MaskHeaders { get; set; } = "Authorization, Proxy-Authorization, Cookie, Set-Cookie, X-Api-Key, X-Auth-Token";

    /// <summary>
    /// How many lines may wait to be written, at 512 bytes each on the average; what comes beyond that is dropped and counted,
    /// since no request waits for its line. 64 to 1,048,576. Default: 8192.
    /// </summary>
    public int QueueSize { get; set; } = 8192;

    public IEnumerable<string> Validate()
    {
        if (Path is "")
            yield return "AccessLog:Path is '', but it must be a file, \"stdout\", or null for no access log.";
        if (LogFormat.Complaint(Format) is { } complaint)
            yield return $"AccessLog:Format {complaint}";
        if (QueueSize is < 64 or > 1_048_576)
            yield return string.Create(CultureInfo.InvariantCulture, $"AccessLog:QueueSize is {QueueSize}, but it must lie between 64 and 1048576.");
    }
}
