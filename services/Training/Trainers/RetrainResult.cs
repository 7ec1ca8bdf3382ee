using QuadTurbo.Scoring;
using QuadTurbo.Training.Evaluation;

namespace QuadTurbo.Training.Trainers;

/// <summary>A model of a full retrain, before it has a number.</summary>
public sealed record ModelDraft
{
    /// <summary>What it is for.</summary>
    public required ModelType Type { get; init; }

    /// <summary>What sort of model it is.</summary>
    public required string Kind { get; init; }

    /// <summary>Its parts by name.</summary>
    public required IReadOnlyDictionary<string, ModelPart> Parts { get; init; }

    /// <summary>Samples that it was fitted to.</summary>
    public required long Samples { get; init; }

    /// <summary>SHA-256 of the dataset, lower-case hex.</summary>
    public required string Data { get; init; }

    /// <summary>Seed of every draw.</summary>
    public required long Seed { get; init; }

    /// <summary>How it was judged, one JSON object.</summary>
    public required string Evaluation { get; init; }

    /// <summary>Whether it may serve.</summary>
    public required bool Ready { get; init; }

    /// <summary>Why, or why not.</summary>
    public required string Verdict { get; init; }

    /// <summary>How its main head did on rows that it had not seen; null for a model that is no classifier.</summary>
    public ModelReport? Report { get; init; }
}

/// <summary>What a full retrain came to.</summary>
public sealed record RetrainResult
{
    /// <summary>The instant up to which everything was known, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>Rows in the dataset.</summary>
    public required int Rows { get; init; }

    /// <summary>What was trained, the meta-label model first; empty when there was too little of everything.</summary>
    public required IReadOnlyList<ModelDraft> Drafts { get; init; }

    /// <summary>What became of the meta-label model, and why; sentences.</summary>
    public required string Why { get; init; }

    /// <summary>What else was trained; sentences.</summary>
    public required string Also { get; init; }

    private ModelReport? Report => Drafts.FirstOrDefault(d => d.Report is not null)?.Report;

    /// <summary>AUC over the champion's on the same rows; null where there is no champion to compare with.</summary>
    public double? AucGain => Report?.AucBesideChampion - Report?.ChampionAuc;

    /// <summary>Share of importance that moved since the champion, 0 to 1; null where there is no champion of trees.</summary>
    public double? Instability => Report?.Instability;

    /// <summary>Whether a new model serves from now on; known once it is published.</summary>
    public bool Adopted { get; init; }

    /// <summary>Packages that, read back, had their bytes and answered alike; known once they are published.</summary>
    public int Sound { get; init; }

    /// <summary>The features that matter most, the first first.</summary>
    public IReadOnlyList<string> TopFeatures => Report is null ? [] : [.. Report.Importance.Take(3).Select(i => i.Feature)];
}
