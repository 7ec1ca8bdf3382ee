namespace QuadTurbo.Scoring.Onnx;

/// <summary>ONNX Runtime in this process: loaded once, when it is first needed, and kept; no telemetry.</summary>
public sealed class OnnxEnvironment
{
    private static readonly Lazy<OnnxEnvironment> Loaded = new(() => new OnnxEnvironment(), LazyThreadSafetyMode.PublicationOnly);

    private OnnxEnvironment()
    {
        Api = new OnnxApi(OnnxRuntimeLibrary.Load(System.Environment.GetEnvironmentVariable(OnnxRuntimeLibrary.Variable)));
        Handle = Api.CreateEnvironment("quadturbo");
        CpuMemory = Api.CreateCpuMemoryInfo();
        Providers = OnnxProviders.InOrder(Api.AvailableProviders());
    }

    /// <summary>The one of this process.</summary>
    /// <exception cref="OnnxException">The native library is not there; the next call looks again.</exception>
    public static OnnxEnvironment Shared => Loaded.Value;

    /// <summary>Version of the native library: <c>1.30.0</c>.</summary>
    public string Version => Api.LibraryVersion;

    /// <summary>What the library was built for, the most wanted first, the processor last; a device need not be there.</summary>
    public IReadOnlyList<OnnxProvider> Providers { get; }

    internal OnnxApi Api { get; }

    internal nint Handle { get; }

    internal nint CpuMemory { get; }
}
