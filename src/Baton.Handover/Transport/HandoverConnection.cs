using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.Handover.Transport;

/// <summary>
/// A client's connection: the pipes that the server reads and writes, and the loops between them and the socket. Beyond
/// what Kestrel's own transport does it knows what the client speaks, can announce the end of an HTTP/2 connection, and
/// closes without a reset.
/// </summary>
internal sealed class HandoverConnection : ConnectionContext,
    IConnectionIdFeature, IConnectionTransportFeature, IConnectionItemsFeature, IConnectionLifetimeFeature,
    IConnectionEndPointFeature, IConnectionSocketFeature, IMemoryPoolFeature
{
    private static long _lastNumber;

    private readonly CancellationTokenSource _closed = new();
    private readonly SocketReceiver _receiver;
    private readonly SocketSender _sender;
    private readonly ConnectionTable _table;
    private Task _running = Task.CompletedTask;
    private int _activeRequests;
    private long _lastActive;
    private string? _connectionId;
    private IDictionary<object, object?>? _items;

    public HandoverConnection(Socket socket, MemoryPool<byte> memoryPool, TransportLimits limits, ConnectionTable table, long acceptedAt)
    {
        _lastActive = acceptedAt;
        Socket = socket;
        MemoryPool = memoryPool;
        _table = table;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        Number = Interlocked.Increment(ref _lastNumber);

        var input = new Pipe(new PipeOptions(memoryPool, PipeScheduler.ThreadPool, PipeScheduler.ThreadPool, limits.ReadBuffer, limits.ReadBuffer / 2, useSynchronizationContext: false));
        var output = new Pipe(new PipeOptions(memoryPool, PipeScheduler.ThreadPool, PipeScheduler.ThreadPool, limits.WriteBuffer, limits.WriteBuffer / 2, useSynchronizationContext: false));
        Transport = new DuplexPipe(input.Reader, output.Writer);
        _receiver = new SocketReceiver(socket, input.Writer);
        _sender = new SocketSender(socket, output.Reader, _receiver);

        Features = new FeatureCollection();
        Features.Set<IConnectionIdFeature>(this);
        Features.Set<IConnectionTransportFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        Features.Set<IConnectionLifetimeFeature>(this);
        Features.Set<IConnectionEndPointFeature>(this);
        Features.Set<IConnectionSocketFeature>(this);
        Features.Set<IMemoryPoolFeature>(this);
        Features.Set(this);
    }

    public Socket Socket { get; }

    public MemoryPool<byte> MemoryPool { get; }

    /// <summary>Unique within this process.</summary>
    public long Number { get; }

    /// <summary>Unique among the generations that live at the same time.</summary>
    public override string ConnectionId
    {
        get => _connectionId ??= string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId:x}-{Number:x}");
        set => _connectionId = value;
    }

    public override IFeatureCollection Features { get; }

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override IDuplexPipe Transport { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    /// <summary>What the client speaks.</summary>
    public ConnectionKind Kind => _receiver.Kind;

    /// <summary>Set by a request over HTTP/2: inside TLS nothing else tells.</summary>
    public bool SpeaksHttp2 { get; set; }

    /// <summary>Requests that the server has read and not finished.</summary>
    public int ActiveRequests => Volatile.Read(ref _activeRequests);

    /// <summary>Timestamp of the end of the last request, or of the accept.</summary>
    public long LastActive => Volatile.Read(ref _lastActive);

    public void BeginRequest() => Interlocked.Increment(ref _activeRequests);

    public void EndRequest(long timestamp)
    {
        Volatile.Write(ref _lastActive, timestamp);
        Interlocked.Decrement(ref _activeRequests);
    }

    /// <summary>Announces on an HTTP/2 connection that it will end; streams that the client opens meanwhile are served.</summary>
    public void AnnounceGoAway() => _sender.AnnounceGoAway();

    public void Start()
    {
        _table.Add(this);
        _running = RunAsync();
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _receiver.Abort(abortReason);
        _sender.Abort();
    }

    /// <summary>Called by the server when it is done: what it has written is still sent.</summary>
    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync();
        await Transport.Output.CompleteAsync();
        await _running;
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var receiving = ReceiveAsync();
        try
        {
            if (await _sender.RunAsync())
                await _receiver.DiscardAsync(receiving);
        }
        finally
        {
            _receiver.Abort(new ConnectionAbortedException("The connection has ended."));
            try
            {
                await receiving;
            }
            finally
            {
                _table.Remove(this);
            }
        }
    }

    private async Task ReceiveAsync()
    {
        await _receiver.RunAsync();
        await _closed.CancelAsync();
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
