using System.Globalization;
using System.Text.Json.Nodes;
using static QuadTurbo.Platform.Commands.CommandLine;
using static QuadTurbo.Platform.Commands.Demo.DemoClient;

namespace QuadTurbo.Platform.Commands.Demo;

/// <summary>Says what can run a model here, what did, and from what size of a batch on a GPU pays.</summary>
internal static class ProvidersStep
{
    private const int Ok = 200;
    private const double Threshold = 0.8;
    private const int Repeats = 5;
    private static readonly int[] Sizes = [1, 64, 1_024, 4_096];

    private static readonly (string Name, string Needs)[] Known =
    [
        ("TensorrtExecutionProvider", "an NVIDIA GPU, TensorRT, and ONNX Runtime's library for it"),
        ("CUDAExecutionProvider", "an NVIDIA GPU, CUDA, and ONNX Runtime's library for it"),
        ("CPUExecutionProvider", "nothing"),
    ];

    public static DemoStep Step { get; } = new(
        "providers", "Inference providers",
        "TensorRT, CUDA, or the processor: what works is found out here. A GPU serves from the size of a batch on at which it is faster.", ShowAsync);

    private static async Task<JsonObject> ShowAsync(DemoClient platform, CancellationToken cancel)
    {
        Say("  A model with an ONNX member is put into service, as the last step explains:");
        await DemoEnsemble.RegisterAsync(platform, show: false, cancel);
        await DemoEnsemble.ServeAsync(platform, DemoEnsemble.Versions[0].Version, cancel);
        Say();
        JsonObject summary = await platform.GetAsync("/models/summary", cancel);
        string[] available = [.. summary["providers_available"]!.AsArray().Select(p => p!.GetValue<string>())];
        foreach ((string name, string needs) in Known)
        {
            string state = available.Contains(name) ? "works here" : $"not here; needs {needs}";
            Say($"  {name,-28}{state}");
        }
        Say();
        (_, JsonObject answer) = await platform.PostAsync("/predict/batch", Batch(1, useGpu: true), cancel, Ok);
        Say($"  served by {answer["provider"]}{(answer["provider_note"] is { } note ? $": {note}" : "")}");
        Say();
        (JsonArray sizes, int? from) = await MeasureAsync(platform, hasGpu: available.Length > 1, cancel);
        string even = available.Length == 1 ? "there is none on a machine without a GPU; the processor serves every size"
            : from is null ? "at none of these sizes; the processor serves them all" : $"of these sizes, a GPU serves from {from:N0} on";
        Say($"  Break-even: {even}.");
        Say();
        await DemoEnsemble.PutBackAsync(platform, cancel);
        return new JsonObject
        {
            ["available"] = new JsonArray([.. available.Select(p => JsonValue.Create(p))]),
            ["provider"] = answer["provider"]?.DeepClone(),
            ["note"] = answer["provider_note"]?.DeepClone(),
            ["sizes"] = sizes,
            ["gpu_from"] = from,
        };
    }

    // The fastest of a few: what disturbs a request makes it slower, never faster.
    private static async Task<(JsonArray Sizes, int? From)> MeasureAsync(DemoClient platform, bool hasGpu, CancellationToken cancel)
    {
        Say($"  {"batch",8}{"CPU ms",10}{"with use_gpu",14}  served by");
        var rows = new JsonArray();
        int? from = null;
        foreach (int size in Sizes)
        {
            (double cpu, _) = await FastestAsync(platform, size, useGpu: false, cancel);
            (double gpu, string provider) = await FastestAsync(platform, size, useGpu: true, cancel);
            if (provider != Known[^1].Name) from ??= size;
            string asked = hasGpu ? gpu.ToString("0.000", CultureInfo.InvariantCulture) : "no GPU";
            Say($"  {size,8:N0}{cpu,10:0.000}{asked,14}  {provider}");
            rows.Add((JsonNode)new JsonObject { ["size"] = size, ["cpu_ms"] = cpu, ["provider"] = provider });
        }
        return (rows, from);
    }

    private static async Task<(double Milliseconds, string Provider)> FastestAsync(
        DemoClient platform, int size, bool useGpu, CancellationToken cancel)
    {
        double least = double.PositiveInfinity;
        string provider = "";
        for (int i = 0; i < Repeats; i++)
        {
            (_, JsonObject answer) = await platform.TellAsync("/predict/batch", Batch(size, useGpu), cancel, Ok);
            least = Math.Min(least, Number(answer, "total_inference_time_ms"));
            provider = Text(answer, "provider");
        }
        return (least, provider);
    }

    private static JsonObject Batch(int size, bool useGpu)
    {
        IEnumerable<JsonObject> routes = Enumerable.Range(1, size).Select(i => DemoRoutes.Of($"route-{i}", netBps: i % 16, confidence: 0.8));
        JsonObject batch = DemoRoutes.Batch(routes, Threshold);
        batch["use_gpu"] = useGpu;
        return batch;
    }
}
