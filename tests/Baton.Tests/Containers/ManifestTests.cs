using System.Text.Json.Nodes;
using Baton.Cli;
using Baton.Tests.Configuration;
using Xunit;

namespace Baton.Tests.Containers;

/// <summary>The examples for Kubernetes and compose: their parts fit together, and their configuration is one.</summary>
public sealed class ManifestTests
{

    [Fact]
    public async Task The_configuration_of_the_ConfigMap_is_valid_and_fits_the_grace_period()
    {
        var (config, _, pod, _) = await KubernetesAsync();

        var loaded = await Load.Text((string)config["data"]!["baton.json"]!);

        Assert.Empty(loaded.Warnings);
        var patience = TimeSpan.FromSeconds((int)pod["terminationGracePeriodSeconds"]!);
        Assert.True(loaded.Options.ShutdownDelay > TimeSpan.Zero);
        Assert.True(patience > loaded.Options.ShutdownDelay + loaded.Options.DrainTimeout, $"{patience} is too short.");
        Assert.Equal("http://*:8080", loaded.Settings["Kestrel:Endpoints:Http:Url"]?.Value);
        Assert.Null(pod["shareProcessNamespace"]);
        Assert.Null(ContainerOf(pod)["lifecycle"]);
    }

    [Fact]
    public async Task Names_labels_and_ports_fit_together()
    {
        var (config, deployment, pod, service) = await KubernetesAsync();
        var labels = deployment["spec"]!["template"]!["metadata"]!["labels"]!;
        var port = Assert.Single(ContainerOf(pod)["ports"]!.AsArray())!;

        Assert.True(JsonNode.DeepEquals(labels, deployment["spec"]!["selector"]!["matchLabels"]));
        Assert.True(JsonNode.DeepEquals(labels, service["spec"]!["selector"]));
        Assert.Equal((string?)port["name"], (string?)Assert.Single(service["spec"]!["ports"]!.AsArray())!["targetPort"]);
        Assert.Equal(8080, (int)port["containerPort"]!);
        Assert.Equal((string?)config["metadata"]!["name"], (string?)VolumeOf(pod, "/etc/baton")["configMap"]!["name"]);
        Assert.NotNull(VolumeOf(pod, "/run/baton")["emptyDir"]);
        Assert.All(ContainerOf(pod)["volumeMounts"]!.AsArray(), mount => Assert.Null(mount!["subPath"]));
    }

    [Fact]
    public async Task It_has_no_rights_and_writes_nowhere_but_beside_its_socket()
    {
        var (_, _, pod, _) = await KubernetesAsync();
        var rights = ContainerOf(pod)["securityContext"]!;

        Assert.True((bool)pod["securityContext"]!["runAsNonRoot"]!);
        Assert.Equal(1654, (int)pod["securityContext"]!["runAsUser"]!);
        Assert.True((bool)rights["readOnlyRootFilesystem"]!);
        Assert.False((bool)rights["allowPrivilegeEscalation"]!);
        Assert.Equal(["ALL"], rights["capabilities"]!["drop"]!.AsArray().Select(name => (string?)name));
    }

    [Theory]
    [InlineData("startupProbe", false)]
    [InlineData("readinessProbe", true)]
    [InlineData("livenessProbe", false)]
    public async Task A_probe_asks_baton_itself(string probe, bool ready)
    {
        var (_, _, pod, _) = await KubernetesAsync();
        var asked = ContainerOf(pod)[probe]!;
        string[] command = [.. asked["exec"]!["command"]!.AsArray().Select(word => (string)word!)];

        Assert.Equal("baton", command[0]);
        Assert.Equal(ready, command.Contains("--ready"));
        // A wrong word would be 2; that there is nobody to answer is 1.
        Assert.Equal(CommandLine.Failure, await CommandLine.RunAsync([.. command[1..], "--socket", "/there/is/none.sock"], _ => throw new InvalidOperationException("served")));
        Assert.True(int.Parse(command[Array.IndexOf(command, "--timeout") + 1], System.Globalization.CultureInfo.InvariantCulture) < (int)asked["timeoutSeconds"]!);
    }

    [Fact]
    public async Task The_compose_example_builds_the_Dockerfile_and_mounts_a_directory()
    {
        var service = Assert.Single(await Yaml.ReadAsync(Path.Combine(RepositoryFiles.Deploy, "container/compose.yaml")))["services"]!["baton"]!;

        Assert.True(File.Exists(Path.Combine(RepositoryFiles.Deploy, "container", (string)service["build"]!, "Dockerfile")));
        Assert.Equal("/etc/baton:/etc/baton:ro", (string?)Assert.Single(service["volumes"]!.AsArray()));
        Assert.True((bool)service["read_only"]!);
    }

    [Fact]
    public async Task The_configuration_of_the_image_is_valid() =>
        Assert.Empty((await Load.Text(await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.Deploy, "container/baton.json"), TestContext.Current.CancellationToken))).Warnings);

    private static async Task<(JsonObject Config, JsonObject Deployment, JsonObject Pod, JsonObject Service)> KubernetesAsync()
    {
        var documents = await Yaml.ReadAsync(Path.Combine(RepositoryFiles.Deploy, "kubernetes/baton.yaml"));
        Assert.Equal(["v1 ConfigMap", "apps/v1 Deployment", "v1 Service"], documents.Select(document => $"{document["apiVersion"]} {document["kind"]}"));
        return (documents[0], documents[1], documents[1]["spec"]!["template"]!["spec"]!.AsObject(), documents[2]);
    }

    private static JsonObject ContainerOf(JsonObject pod) => Assert.Single(pod["containers"]!.AsArray())!.AsObject();

    private static JsonObject VolumeOf(JsonObject pod, string path)
    {
        var mount = ContainerOf(pod)["volumeMounts"]!.AsArray().Single(mount => (string?)mount!["mountPath"] == path)!;
        return pod["volumes"]!.AsArray().Single(volume => (string?)volume!["name"] == (string?)mount["name"])!.AsObject();
    }
}
