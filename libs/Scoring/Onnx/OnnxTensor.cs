using System.Runtime.InteropServices;
using QuadTurbo.Scoring.Trees;

namespace QuadTurbo.Scoring.Onnx;

/// <summary>The first numbers of a table as a tensor of ONNX Runtime, which reads or fills them in place.</summary>
internal sealed unsafe class OnnxTensor : SafeHandle
{
    private readonly OnnxEnvironment _environment = OnnxEnvironment.Shared;
    private readonly PinnedTable<float> _table; // whose memory outlives the tensor

    /// <exception cref="OnnxException">ONNX Runtime's message.</exception>
    public OnnxTensor(PinnedTable<float> table, ReadOnlySpan<long> shape) : base(invalidHandleValue: 0, ownsHandle: true)
    {
        _table = table;
        long elements = 1;
        foreach (long dim in shape) elements *= dim;
        fixed (long* dims = shape)
            SetHandle(_environment.Api.CreateTensor(_environment.CpuMemory, _table.At, elements * sizeof(float), dims, shape.Length));
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        _environment.Api.ReleaseValue(handle);
        return true;
    }
}
