namespace QuadTurbo.Trading.Predictions;

/// <summary>What the model made of one opportunity of a request.</summary>
public struct PredictionResult
{
    /// <summary>0 to 1; NaN when an input that the model cannot do without is missing.</summary>
    public double Score { get; set; }

    /// <summary>Largest less smallest score of the members, 0 to 1; NaN with fewer than two members.</summary>
    public double Disagreement { get; set; }

    /// <summary>Bit i is set when feature i of the schema was not known.</summary>
    public uint Missing { get; set; }

    /// <summary>True when the trees scored; else the stand-in is named.</summary>
    public bool TreesScored { get; set; }

    /// <summary>True when the ONNX member scored; else the stand-in is named.</summary>
    public bool OnnxScored { get; set; }

    /// <summary>True when the challenger of an experiment judged it; else the champion did.</summary>
    public bool Challenged { get; set; }

    /// <summary>True when a member had no score, or above half of the features were missing.</summary>
    public bool Degraded { get; set; }
}
