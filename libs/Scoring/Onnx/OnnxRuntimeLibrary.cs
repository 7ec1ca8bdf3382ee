using System.Runtime.InteropServices;

namespace QuadTurbo.Scoring.Onnx;

/// <summary>Finds the native library: where <c>QUADTURBO_ONNXRUNTIME</c> says, else beside the program, where the build puts it.</summary>
internal static class OnnxRuntimeLibrary
{
    /// <summary>Environment variable with the path of another build of the library.</summary>
    public const string Variable = "QUADTURBO_ONNXRUNTIME";

    /// <summary>The file as each system names it.</summary>
    public static string FileName { get; } =
        OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.1.dylib" : "libonnxruntime.so.1";

    /// <summary>The library in memory; it stays until the process ends.</summary>
    /// <param name="named">What the environment variable says; null or empty for nothing.</param>
    /// <exception cref="OnnxException">It is not there, or the system cannot load it.</exception>
    public static nint Load(string? named)
    {
        string path = string.IsNullOrEmpty(named) ? Path.Combine(AppContext.BaseDirectory, FileName) : named;
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new OnnxException($"ONNX Runtime does not load from {path}, where builds put it; {Variable} names another place: {e.Message}", e);
        }
    }
}
