namespace Baton.Handover.Hosting;

/// <summary>
/// Requests that come and go on many processors, and are rarely looked at: linked lists, each under a lock that is hardly ever
/// waited for. A concurrent dictionary makes an object for each request, and takes twice the time.
/// </summary>
internal sealed class RequestSet
{
    private readonly Part[] _parts = [.. Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(_ => new Part())];

    /// <summary>Those that are in it at this moment.</summary>
    public IReadOnlyList<TrackedRequest> ToList()
    {
        var all = new List<TrackedRequest>();
        foreach (var part in _parts)
            part.CopyTo(all);
        return all;
    }

    public void Add(TrackedRequest request) => PartOf(request).Add(request);

    /// <returns>False if it was not in it.</returns>
    public bool Remove(TrackedRequest request) => PartOf(request).Remove(request);

    private Part PartOf(TrackedRequest request) => _parts[request.Connection.Number % _parts.Length];

    private sealed class Part
    {
        private readonly Lock _lock = new();
        private TrackedRequest? _first;

        public void Add(TrackedRequest request)
        {
            lock (_lock)
            {
                request.IsListed = true;
                request.Next = _first;
                if (_first is not null)
                    _first.Previous = request;
                _first = request;
            }
        }

        public bool Remove(TrackedRequest request)
        {
            lock (_lock)
            {
                if (!request.IsListed)
                    return false;
                request.IsListed = false;
                if (request.Previous is { } previous)
                    previous.Next = request.Next;
                else
                    _first = request.Next;
                if (request.Next is { } next)
                    next.Previous = request.Previous;
                request.Next = request.Previous = null;
                return true;
            }
        }

        public void CopyTo(List<TrackedRequest> all)
        {
            lock (_lock)
            {
                for (var request = _first; request is not null; request = request.Next)
                    all.Add(request);
            }
        }
    }
}
