namespace Baton.Tracing;

/// <summary>How OTLP is spoken.</summary>
internal enum TelemetryProtocol
{
    /// <summary>gRPC: usually on port 4317.</summary>
    Grpc,

    /// <summary>Protobuf in the body of a POST: usually on port 4318.</summary>
    HttpProtobuf,
}
