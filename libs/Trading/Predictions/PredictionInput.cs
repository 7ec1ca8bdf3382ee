namespace QuadTurbo.Trading.Predictions;

/// <summary>One opportunity of a request from outside, checked: every number is finite and within its limits.</summary>
public struct PredictionInput
{
    /// <summary>Where its route id begins in <see cref="PredictionBatch.Body"/>.</summary>
    public int RouteIdStart { get; set; }

    /// <summary>Bytes of its route id, UTF-8 as it was escaped in the request.</summary>
    public int RouteIdLength { get; set; }

    /// <summary>What goes in, in units of the first token; above 0.</summary>
    public double InputAmount { get; set; }

    /// <summary>What is quoted to come out, in units of the last token; 0 or more.</summary>
    public double ExpectedOutput { get; set; }

    /// <summary>Profit before gas as the caller reckons it, USD.</summary>
    public double ProfitUsd { get; set; }

    /// <summary>How sure the caller is, 0 to 1.</summary>
    public double Confidence { get; set; }

    /// <summary>When the caller saw it, Unix seconds; NaN when the request does not say.</summary>
    public double Timestamp { get; set; }

    /// <summary>Gas units; what they cost is not known here.</summary>
    public long Gas { get; set; }

    /// <summary>What its tokens tell of its amounts.</summary>
    public RouteShape Shape { get; set; }

    /// <summary>Its chain.</summary>
    public Chain Chain { get; set; }
}
