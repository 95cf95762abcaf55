// Two commands: "serve TRANSPORT" is one of the servers that are compared, anything else is the comparison that starts them.
using Baton.Bench.Transport;

if (args is ["serve", var transport])
{
    await BenchServer.RunAsync(transport);
    return 0;
}

if (BenchOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

await Comparison.RunAsync(options);
return 0;
