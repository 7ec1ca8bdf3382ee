using System.ComponentModel;
using QuadTurbo.Trading.Views;

namespace QuadTurbo.Gateway.Rest.Audit;

/// <summary>The latest predictions of the path [DASH-04]: of the auditor's list of decisions what the model said.</summary>
internal sealed record PredictionsPage([property: Description("The newest first.")] IReadOnlyList<PredictionRow> Items, string? Next)
{
    /// <summary>What the models said of a page of decisions.</summary>
    public static PredictionsPage Of(OpportunityPage page) =>
        new([.. page.Items.Select(static o => new PredictionRow(o.Id, o.At, o.Symbol, o.Kind, o.Score, o.Model, o.Passed))], page.Next);
}

/// <summary>One prediction on the path.</summary>
internal sealed record PredictionRow(
    string Id,
    string At,
    string Symbol,
    string Kind,
    [property: Description("0 to 1; absent where the model cannot tell.")] double? Score,
    [property: Description("Label of the model.")] string Model,
    bool Passed);
