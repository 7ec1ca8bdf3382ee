namespace QuadTurbo.Scoring.Onnx;

/// <summary>Names of the providers, and their order: TensorRT, CUDA, CPU.</summary>
public static class OnnxProviders
{
    /// <summary>Its name in ONNX Runtime, which is also the one in answers: <c>CUDAExecutionProvider</c>.</summary>
    public static string NameOf(OnnxProvider provider) => provider switch
    {
        OnnxProvider.TensorRt => "TensorrtExecutionProvider",
        OnnxProvider.Cuda => "CUDAExecutionProvider",
        _ => "CPUExecutionProvider",
    };

    /// <summary>Those we know among <paramref name="names"/>, the most wanted first; the CPU is always the last.</summary>
    internal static OnnxProvider[] InOrder(IReadOnlyCollection<string> names) =>
        [.. Enum.GetValues<OnnxProvider>().Where(p => p == OnnxProvider.Cpu || names.Contains(NameOf(p))).OrderDescending()];
}
