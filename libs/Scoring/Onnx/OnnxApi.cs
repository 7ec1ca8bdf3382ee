using System.Runtime.InteropServices;
using System.Text;

namespace QuadTurbo.Scoring.Onnx;

/// <summary>The functions of ONNX Runtime's C API that we call, by their places in the table OrtApi.</summary>
/// <remarks>
/// The table only ever grows at its end, so a place means the same in every version from 1.22 on. A function returns a status, 0 when all is well,
/// that the caller must hand to <see cref="Check"/>; those that release something return nothing. Source: onnxruntime_c_api.h.
/// </remarks>
internal sealed unsafe class OnnxApi
{
    private const uint Version = 22;

    // OrtAllocatorType.OrtArenaAllocator, OrtMemType.OrtMemTypeDefault, ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT.
    private const int Arena = 1, Default = 0, Float = 1;
    private readonly void** _table;

    public OnnxApi(nint library)
    {
        void** start = ((delegate* unmanaged<void**>)NativeLibrary.GetExport(library, "OrtGetApiBase"))();
        LibraryVersion = Text(((delegate* unmanaged<byte*>)start[1])());
        _table = ((delegate* unmanaged<uint, void**>)start[0])(Version);
        if (_table == null) throw new OnnxException($"ONNX Runtime {LibraryVersion} has no C API of version {Version}");
    }

    /// <summary>Version of the library: <c>1.30.0</c>.</summary>
    public string LibraryVersion { get; }

    public nint CreateEnvironment(string name)
    {
        const int fatal = 4; // what is less comes back as a status: nothing is printed beside it
        nint environment;
        fixed (byte* id = Encoding.UTF8.GetBytes(name + "\0"))
            Check(((delegate* unmanaged<int, byte*, nint*, nint>)_table[3])(fatal, id, &environment));
        Check(((delegate* unmanaged<nint, nint>)_table[6])(environment)); // DisableTelemetryEvents
        return environment;
    }

    public nint CreateCpuMemoryInfo()
    {
        nint info;
        Check(((delegate* unmanaged<int, int, nint*, nint>)_table[69])(Arena, Default, &info));
        return info;
    }

    public string[] AvailableProviders()
    {
        byte** names;
        int count;
        Check(((delegate* unmanaged<byte***, int*, nint>)_table[125])(&names, &count));
        var providers = new string[count];
        for (int i = 0; i < count; i++) providers[i] = Text(names[i]);
        Check(((delegate* unmanaged<byte**, int, nint>)_table[126])(names, count));
        return providers;
    }

    /// <summary>Options of a session on one thread, with all optimisations of the graph.</summary>
    public nint CreateSessionOptions()
    {
        const int all = 99;
        nint options;
        Check(((delegate* unmanaged<nint*, nint>)_table[10])(&options));
        Check(((delegate* unmanaged<nint, int, nint>)_table[23])(options, all));
        Check(((delegate* unmanaged<nint, int, nint>)_table[24])(options, 1)); // threads within an operator
        Check(((delegate* unmanaged<nint, int, nint>)_table[25])(options, 1)); // threads across operators
        Check(((delegate* unmanaged<nint, nint>)_table[19])(options)); // DisableCpuMemArena: its lock costs more than malloc of a row's results
        return options;
    }

    public void AppendCuda(nint options) => Append(options, create: 205, append: 204, release: 208);

    public void AppendTensorRt(nint options) => Append(options, create: 171, append: 170, release: 174);

    public nint CreateSession(nint environment, ReadOnlySpan<byte> model, nint options)
    {
        nint session;
        var create = (delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)_table[8];
        fixed (byte* bytes = model) Check(create(environment, bytes, (nuint)model.Length, options, &session));
        return session;
    }

    public string[] InputNames(nint session) => Names(session, count: 30, name: 36);

    public string[] OutputNames(nint session) => Names(session, count: 31, name: 37);

    /// <summary>A tensor over memory that stays the caller's and must not move while the tensor lives.</summary>
    public nint CreateTensor(nint memory, float* data, long bytes, long* shape, int rank)
    {
        nint value;
        var create = (delegate* unmanaged<nint, float*, nuint, long*, nuint, int, nint*, nint>)_table[49];
        Check(create(memory, data, (nuint)bytes, shape, (nuint)rank, Float, &value));
        return value;
    }

    /// <summary>Runs a session of one input for one output; an output of 0 is allocated and then the caller's.</summary>
    public void Run(nint session, byte* inputName, nint input, byte* outputName, ref nint output)
    {
        var run = (delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)_table[9];
        fixed (nint* result = &output) Check(run(session, 0, &inputName, &input, 1, &outputName, 1, result));
    }

    /// <summary>The shape of a value that is a tensor of floats; null for anything else.</summary>
    public long[]? FloatShape(nint value)
    {
        int isTensor;
        Check(((delegate* unmanaged<nint, int*, nint>)_table[50])(value, &isTensor));
        if (isTensor == 0) return null;
        nint info;
        Check(((delegate* unmanaged<nint, nint*, nint>)_table[65])(value, &info));
        try
        {
            int type;
            nuint rank;
            Check(((delegate* unmanaged<nint, int*, nint>)_table[60])(info, &type));
            Check(((delegate* unmanaged<nint, nuint*, nint>)_table[61])(info, &rank));
            var shape = new long[rank];
            fixed (long* dims = shape) Check(((delegate* unmanaged<nint, long*, nuint, nint>)_table[62])(info, dims, rank));
            return type == Float ? shape : null;
        }
        finally
        {
            ((delegate* unmanaged<nint, void>)_table[99])(info);
        }
    }

    public void ReleaseSession(nint session) => Release(95, session);

    public void ReleaseValue(nint value) => Release(96, value);

    public void ReleaseSessionOptions(nint options) => Release(100, options);

    private void Append(nint options, int create, int append, int release)
    {
        nint provider;
        Check(((delegate* unmanaged<nint*, nint>)_table[create])(&provider));
        try
        {
            Check(((delegate* unmanaged<nint, nint, nint>)_table[append])(options, provider));
        }
        finally
        {
            Release(release, provider);
        }
    }

    private string[] Names(nint session, int count, int name)
    {
        nuint number;
        Check(((delegate* unmanaged<nint, nuint*, nint>)_table[count])(session, &number));
        nint allocator;
        Check(((delegate* unmanaged<nint*, nint>)_table[78])(&allocator));
        var names = new string[number];
        for (int i = 0; i < names.Length; i++)
        {
            byte* text;
            Check(((delegate* unmanaged<nint, nuint, nint, byte**, nint>)_table[name])(session, (nuint)i, allocator, &text));
            names[i] = Text(text);
            Check(((delegate* unmanaged<nint, void*, nint>)_table[76])(allocator, text)); // AllocatorFree
        }
        return names;
    }

    private void Release(int place, nint what)
    {
        if (what != 0) ((delegate* unmanaged<nint, void>)_table[place])(what);
    }

    /// <exception cref="OnnxException">The status is an error.</exception>
    private void Check(nint status)
    {
        if (status != 0) Throw(status);
    }

    private void Throw(nint status)
    {
        string message = Text(((delegate* unmanaged<nint, byte*>)_table[2])(status));
        Release(93, status);
        throw new OnnxException(message);
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
