using System.Collections;
using Microsoft.AspNetCore.Http;

namespace Baton.Requests;

/// <summary>What every line of the log that is written within a request says of it, by the names that the server's host gives them.</summary>
internal sealed class RequestScope(HttpContext context) : IReadOnlyList<KeyValuePair<string, object>>
{
    public int Count => 2;

    // Read when a line is written, and few requests write one.
    public KeyValuePair<string, object> this[int index] => index switch
    {
        0 => new("RequestId", context.TraceIdentifier),
        1 => new("RequestPath", context.Request.PathBase.Add(context.Request.Path).ToString()),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
            yield return this[index];
    }

    public override string ToString() => string.Join(" ", this.Select(entry => $"{entry.Key}:{entry.Value}"));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
