using System.Globalization;
using Baton.Handover;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Baton.Tracing;

/// <summary>Sends spans and metrics to a collector. The only class that knows OpenTelemetry's.</summary>
internal sealed class TelemetryExport : IDisposable
{
    // A predecessor that is done waits for its collector no longer; one that is dead or slow is nobody's concern.
    private static readonly TimeSpan FlushPatience = TimeSpan.FromSeconds(2);

    // ASP.NET Core's span of a request, YARP's of its forwarding, and the HTTP client's to the destination.
    private static readonly string[] Sources = [TrafficSpans.Server, "Yarp.ReverseProxy", TrafficSpans.Client];

    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    public TelemetryExport(TelemetryOptions options, Generation generation)
    {
        // A process each: what the collector adds up over instances is the service, whichever generation did it.
        var resource = ResourceBuilder.CreateDefault()
            .AddService("baton", serviceVersion: generation.Version, serviceInstanceId: Guid.NewGuid().ToString())
            .AddAttributes([new("baton.generation", generation.Number), new("process.pid", generation.Pid)])
            .AddEnvironmentVariableDetector(); // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word.
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.SampleRatio)))
            .AddSource(Sources)
            .AddProcessor(new TrafficSpans())
            .AddOtlpExporter(exporter => Direct(exporter, options, "v1/traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(TelemetryMeter.Name, "System.Runtime")
            .AddOtlpExporter((exporter, reader) =>
            {
                Direct(exporter, options, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.MetricsInterval.TotalMilliseconds;
            })
            .Build();
    }

    public void Dispose()
    {
        var milliseconds = (int)FlushPatience.TotalMilliseconds;
        Task.WaitAll([Task.Run(() => _traces.Shutdown(milliseconds)), Task.Run(() => _metrics.Shutdown(milliseconds))], FlushPatience);
        // Not disposed: that would wait for an export that hangs, and the process ends here.
    }

    // Without an endpoint of ours OpenTelemetry reads OTEL_EXPORTER_OTLP_* by itself.
    private static void Direct(OtlpExporterOptions exporter, TelemetryOptions options, string path)
    {
        if (options.Endpoint is not { } endpoint)
            return;
        var isHttp = options.Protocol == TelemetryProtocol.HttpProtobuf;
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = new Uri(isHttp ? string.Create(CultureInfo.InvariantCulture, $"{endpoint.TrimEnd('/')}/{path}") : endpoint);
        exporter.Headers = options.Headers ?? exporter.Headers;
    }
}
