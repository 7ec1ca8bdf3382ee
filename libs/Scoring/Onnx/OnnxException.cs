namespace QuadTurbo.Scoring.Onnx;

/// <summary>ONNX Runtime said no, or is not there; the message is its own.</summary>
public sealed class OnnxException : Exception
{
    /// <summary>An error with ONNX Runtime's message.</summary>
    public OnnxException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}
