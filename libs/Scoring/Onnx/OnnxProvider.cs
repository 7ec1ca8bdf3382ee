namespace QuadTurbo.Scoring.Onnx;

/// <summary>What ONNX Runtime computes on, from the plainest to the most wanted.</summary>
public enum OnnxProvider
{
    /// <summary>This processor: always there.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU by CUDA.</summary>
    Cuda,

    /// <summary>An NVIDIA GPU by TensorRT, which falls back to CUDA for operators that it lacks.</summary>
    TensorRt,
}
