using System.Buffers;
using System.Diagnostics;
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
/// what Kestrel's own transport does it knows what the client speaks, can announce the end of an HTTP/2 connection, closes
/// without a reset, and can be taken out of the server between two requests.
/// </summary>
internal sealed partial class HandoverConnection : ConnectionContext,
    IConnectionIdFeature, IConnectionTransportFeature, IConnectionItemsFeature, IConnectionLifetimeFeature,
    IConnectionEndPointFeature, IConnectionSocketFeature, IMemoryPoolFeature, IConnectionHistoryFeature
{
    // A longer pause counts at once, a shorter one by an eighth, as TCP smooths its round-trip time (RFC 6298, 2).
    private const int UsualPauseMemory = 8;

    private static long _lastNumber;

    private readonly CancellationTokenSource _closed = new();
    private readonly RequestReader _reader;
    private readonly SocketReceiver _receiver;
    private readonly SocketSender _sender;
    private readonly SendTurn _turn;
    private readonly ConnectionTable _table;
    private readonly ConnectionHistory _before;
    private Task _running = Task.CompletedTask;
    private int _activeRequests;
    private long _requests;
    private long _lastActive;
    private bool _isAsked;
    private string? _connectionId;
    private IDictionary<object, object?>? _items;

    public HandoverConnection(Socket socket, HandoverListener listener, ConnectionPipes pipes, ConnectionTable table, ConnectionHistory before, long timestamp)
    {
        _lastActive = timestamp;
        Socket = socket;
        Listener = listener;
        MemoryPool = pipes.MemoryPool;
        _table = table;
        _before = before;
        _connectionId = before.Id;
        LocalEndPoint = before.LocalEndPoint ?? socket.LocalEndPoint;
        RemoteEndPoint = before.RemoteEndPoint ?? ConnectionHistory.PeerOf(socket);
        ConnectionClosed = _closed.Token;
        Number = Interlocked.Increment(ref _lastNumber);

        var input = pipes.Input();
        _turn = ConnectionPipes.Turn(Number);
        var output = pipes.Output(_turn);
        _reader = new RequestReader(input.Reader);
        Transport = new DuplexPipe(_reader, output.Writer);
        _receiver = new SocketReceiver(socket, input.Writer) { Hold = _hold = new ReceiveHold(IsHeldBack) };
        _sender = new SocketSender(socket, output.Reader, _receiver);

        Features = new ConnectionFeatures(this);
    }

    public Socket Socket { get; }

    /// <summary>Where it came in.</summary>
    public HandoverListener Listener { get; }

    /// <summary>Whether it is the application's own business, and not traffic.</summary>
    public bool IsPrivate => Listener.Listener.IsPrivate;

    /// <summary>Whether the process is its own client.</summary>
    public bool IsInner { get; set; }

    public MemoryPool<byte> MemoryPool { get; }

    /// <summary>Unique within this process.</summary>
    public long Number { get; }

    /// <summary>Unique among the generations, and kept when the connection moves.</summary>
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

    /// <summary>How long it is usually silent between two requests: the longest pause of late.</summary>
    public TimeSpan UsualPause { get; set; }

    /// <summary>Set when its turn to leave has come.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Set when a drain's deadline finds requests on it.</summary>
    public bool IsCut { get; set; }

    /// <summary>Whether the server was told to end it when it can.</summary>
    public bool IsAsked => Volatile.Read(ref _isAsked);

    /// <summary>True for the first who tells it so.</summary>
    public bool AskOnce() => !Interlocked.Exchange(ref _isAsked, true);

    /// <summary>Forgets what an earlier drain, after which this generation has resumed, has found.</summary>
    public void BeginDrain() => IsLeaving = StaysHere = false;

    public ConnectionHistory History => _before with
    {
        Id = ConnectionId,
        Requests = _before.Requests + Volatile.Read(ref _requests),
        BytesReceived = _before.BytesReceived + _receiver.Delivered,
        BytesSent = _before.BytesSent + _sender.Sent,
        LocalEndPoint = LocalEndPoint,
        RemoteEndPoint = RemoteEndPoint,
    };

    /// <param name="timestamp">Now.</param>
    /// <param name="bodyLength">How many bytes of body follow its head; null for a chunked body.</param>
    public void BeginRequest(long timestamp, long? bodyLength)
    {
        var pause = Stopwatch.GetElapsedTime(LastActive, timestamp);
        UsualPause = pause > UsualPause ? pause : UsualPause - (UsualPause - pause) / UsualPauseMemory;
        if (Kind == ConnectionKind.Http1)
            _reader.BeginRequest(bodyLength);
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _activeRequests);
        _isAnswering = true;
    }

    public void EndRequest(long timestamp, TimeSpan took)
    {
        Volatile.Write(ref _lastActive, timestamp);
        Interlocked.Decrement(ref _activeRequests);
        if (_table.Moving is { } moving)
            moving(this, took);
        else
            LetGoOn();
    }

    /// <summary>An HTTP/1.x answer begins to be written.</summary>
    /// <param name="hasLength">Whether its head says how long it is.</param>
    public void BeginAnswer(bool hasLength) => _turn.IsAtOnce = hasLength && !HasUnread; // Behind a pipelined request's answer follows the next.

    /// <summary>Announces on an HTTP/2 connection that it will end; streams that the client opens meanwhile are served.</summary>
    public void AnnounceGoAway() => _sender.AnnounceGoAway();

    public void Start()
    {
        _table.Add(this);
        _running = RunAsync();
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (_isTaken)
        {
            AbortTunnel?.Invoke();
            return;
        }

        _receiver.Abort(abortReason);
        _sender.Abort();
    }

    /// <summary>Called by the server when it is done: what it has written is still sent.</summary>
    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync();
        await Transport.Output.CompleteAsync();
        await _running;
        _table.Remove(this); // Not at the end of the socket: a request may outlive it, and a drain waits for its end.
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private async Task RunAsync()
    {
        _receiver.Start();
        var closing = CancelWhenInputEndsAsync();
        try
        {
            var end = await _sender.RunAsync();
            if (await IsTakenAsync(end))
                return; // The socket is somebody else's.
            if (end == SenderEnd.Finished)
            {
                Socket.Shutdown(SocketShutdown.Send);
                await _receiver.DiscardAsync();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client was faster.
        }
        finally
        {
            if (!_isTaken)
            {
                _receiver.Abort(new ConnectionAbortedException("The connection has ended."));
                await closing;
            }

            if (_isTaken)
                _table.Remove(this);
            _taken.TrySetResult(_isTaken);
        }
    }

    private async Task CancelWhenInputEndsAsync()
    {
        await _receiver.Ended;
        await _closed.CancelAsync();
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
