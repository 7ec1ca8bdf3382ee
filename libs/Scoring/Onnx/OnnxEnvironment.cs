using QuadTurbo.Learning.Onnx;

namespace QuadTurbo.Scoring.Onnx;

/// <summary>ONNX Runtime in this process: loaded once, when it is first needed, and kept; no telemetry.</summary>
public sealed class OnnxEnvironment
{
    private static readonly Lazy<OnnxEnvironment> Loaded = new(() => new OnnxEnvironment(), LazyThreadSafetyMode.PublicationOnly);

    private readonly Lazy<OnnxProvider[]> _usable;

    private OnnxEnvironment()
    {
        Api = new OnnxApi(OnnxRuntimeLibrary.Load(System.Environment.GetEnvironmentVariable(OnnxRuntimeLibrary.Variable)));
        Handle = Api.CreateEnvironment("quadturbo");
        CpuMemory = Api.CreateCpuMemoryInfo();
        Providers = OnnxProviders.InOrder(Api.AvailableProviders());
        _usable = new Lazy<OnnxProvider[]>(() => [.. Providers.Where(Works)]);
    }

    /// <summary>The one of this process.</summary>
    /// <exception cref="OnnxException">The native library is not there; the next call looks again.</exception>
    public static OnnxEnvironment Shared => Loaded.Value;

    /// <summary>Version of the native library: <c>1.30.0</c>.</summary>
    public string Version => Api.LibraryVersion;

    /// <summary>What the library was built for, the most wanted first, the processor last; a device need not be there.</summary>
    public IReadOnlyList<OnnxProvider> Providers { get; }

    /// <summary>Those of <see cref="Providers"/> that have their device and driver here, found out with a small model when first asked for; the last is the CPU.</summary>
    public IReadOnlyList<OnnxProvider> Usable => _usable.Value;

    internal OnnxApi Api { get; }

    internal nint Handle { get; }

    internal nint CpuMemory { get; }

    private static bool Works(OnnxProvider provider)
    {
        if (provider == OnnxProvider.Cpu) return true;
        using OnnxSession session = OnnxSession.Load(OnnxNetwork.Write(seed: 0, columns: 1, hidden: 1), provider);
        return session.Provider == provider;
    }
}
