using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using QuadTurbo.Inference.Scoring;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Inference.Serving;

/// <summary>Who judges requests: the champion and, while an experiment runs, a challenger, by the rules of <see cref="ModelRoster"/>; swapped as a whole.</summary>
internal sealed record ServingRoster
{
    /// <summary>Name of an arm in metrics.</summary>
    public const string ChampionName = "champion", ChallengerName = "challenger";

    // For as long as the model is loaded.
    private static readonly ConditionalWeakTable<ModelSet, RequestScorer> Warmed = [];
    private readonly ModelRoster _models;

    private ServingRoster(ModelRoster models, Arm champion, Arm? challenger) => (_models, Champion, Challenger) = (models, champion, challenger);

    /// <summary>The labelled baseline alone.</summary>
    public static ServingRoster Baseline(DateTime now)
    {
        ModelSet set = ModelRoster.Baseline.Champion;
        return new ServingRoster(ModelRoster.Baseline, new Arm(set, Warmed.GetValue(set, static s => new RequestScorer(s.Package)), "nothing else was assigned yet", now, new ArmFigures()), null);
    }

    /// <summary>Judges what the challenger does not.</summary>
    public Arm Champion { get; }

    /// <summary>Judges <see cref="Share"/>; null while no experiment runs.</summary>
    public Arm? Challenger { get; }

    /// <summary>Share of the challenger, 0 to 1.</summary>
    public double Share => _models.Share;

    /// <summary>The difference of the arms in this experiment.</summary>
    public ScoreDifference Difference { get; private init; } = new();

    /// <summary>The roster after <paramref name="assigned"/>; a model that is new in it has passed its warm-up.</summary>
    /// <exception cref="ModelRefusedException">It is not what its name says, or does not pass its warm-up.</exception>
    public ServingRoster After(ModelAssigned assigned, DateTime now)
    {
        ModelRoster models = _models.After(assigned);
        if (ReferenceEquals(models, _models)) return this;
        Arm champion = ArmOf(models.Champion, Champion, assigned, now);
        Arm? challenger = models.Challenger is { } rival ? ArmOf(rival, Challenger, assigned, now) : null;
        bool goesOn = champion.Figures == Champion.Figures && challenger?.Figures == Challenger?.Figures;
        return new ServingRoster(models, champion, challenger) { Difference = goesOn ? Difference : new ScoreDifference() };
    }

    /// <summary>Scores every opportunity of <paramref name="batch"/> by the arm that its route id falls to. Allocates nothing once its buffers are pooled.</summary>
    public PredictionAnswer Score(PredictionBatch batch)
    {
        if (Challenger is not null) return Split(batch, Challenger);
        PredictionAnswer answer = Champion.Scorer.Score(batch);
        if (batch.Count > 0) Champion.Figures.Count(null, batch.Count, answer.Elapsed);
        return answer;
    }

    private PredictionAnswer Split(PredictionBatch batch, Arm challenger)
    {
        long started = Stopwatch.GetTimestamp();
        int count = batch.Count, champions = 0, challengers = 0;
        ScorerNames champion = Champion.Scorer.Names, rival = challenger.Scorer.Names;
        int[] at = ArrayPool<int>.Shared.Rent(Math.Max(count, 1));
        try
        {
            // The champion's rows from the front, the challenger's from the end.
            for (int i = 0; i < count; i++)
            {
                if (_models.For(RouteHash.Of(batch, in batch.Inputs[i])) == challenger.Set) at[count - ++challengers] = i;
                else at[champions++] = i;
            }
            if (champions > 0) champion = Judge(Champion, ChampionName, batch, at.AsSpan(0, champions), challenged: false);
            if (challengers > 0) rival = Judge(challenger, ChallengerName, batch, at.AsSpan(champions, challengers), challenged: true);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(at);
        }
        (uint missing, bool degraded) = RequestScorer.Total(batch.Results);
        return new PredictionAnswer(champion, Stopwatch.GetElapsedTime(started), missing, degraded, challengers > 0 ? rival : null);
    }

    private static ScorerNames Judge(Arm arm, string name, PredictionBatch batch, ReadOnlySpan<int> at, bool challenged)
    {
        long started = Stopwatch.GetTimestamp();
        Span<PredictionResult> results = batch.Results;
        ScorerNames names = PickedRows.Score(arm.Scorer, batch.Inputs, at, results, batch.UseGpu);
        foreach (int i in at) results[i].Challenged = challenged;
        arm.Figures.Count(name, at.Length, Stopwatch.GetElapsedTime(started));
        return names;
    }

    private static Arm ArmOf(ModelSet set, Arm? before, ModelAssigned assigned, DateTime now)
    {
        if (before?.Set == set) return set.Ref == assigned.Model ? before with { Why = assigned.Why } : before;
        return new Arm(set, Warmed.GetValue(set, Warm), assigned.Why, now, new ArmFigures());
    }

    private static RequestScorer Warm(ModelSet set)
    {
        var scorer = new RequestScorer(set.Package);
        WarmUp.Run(scorer);
        return scorer;
    }
}
