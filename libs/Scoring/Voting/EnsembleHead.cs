using QuadTurbo.Trading.Features;

namespace QuadTurbo.Scoring.Voting;

/// <summary>One voice of an ensemble.</summary>
/// <param name="Name">What sort of learner it is: <see cref="EnsembleHead.Trees"/>, <see cref="EnsembleHead.Network"/>.</param>
/// <param name="Version">Label under which it is registered, <c>v1.2.0</c>; empty until then.</param>
/// <param name="Head">What it says.</param>
public sealed record EnsembleMember(string Name, string Version, ModelHead Head);

/// <summary>Different learners that vote [ENS-01..06]; immutable.</summary>
public sealed class EnsembleHead : ModelHead
{
    /// <summary>The member of boosted trees.</summary>
    public const string Trees = "xgboost";

    /// <summary>The member that ONNX Runtime runs.</summary>
    public const string Network = "onnx";

    private const int MostMembers = 8;
    private const int BlockRows = 128;

    /// <summary>An ensemble.</summary>
    /// <exception cref="ArgumentException">There are no members or more than 8, a name comes twice, one is an ensemble itself, or the ballot is for another number.</exception>
    public EnsembleHead(IReadOnlyList<EnsembleMember> members, Ballot ballot) : base(members.Count == 0 ? 0 : members.Max(m => m.Head.Samples))
    {
        ArgumentNullException.ThrowIfNull(ballot);
        if (members.Count is 0 or > MostMembers || members.Count != ballot.Weights.Length)
            throw new ArgumentException($"{members.Count} members with {ballot.Weights.Length} weights; 1 to {MostMembers}, and as many of both", nameof(members));
        if (members.DistinctBy(m => m.Name).Count() != members.Count) throw new ArgumentException($"a member comes twice: {string.Join(", ", members.Select(m => m.Name))}", nameof(members));
        if (members.Any(m => m.Head is EnsembleHead)) throw new ArgumentException("an ensemble cannot be a member of one", nameof(members));
        Members = members;
        Ballot = ballot;
    }

    /// <summary>Its voices, in the order of the ballot's weights.</summary>
    public IReadOnlyList<EnsembleMember> Members { get; }

    /// <summary>How they vote.</summary>
    public Ballot Ballot { get; }

    /// <summary>The member of boosted trees; null where there is none.</summary>
    public TreesHead? TreesMember => Members.Select(m => m.Head).OfType<TreesHead>().FirstOrDefault();

    /// <summary>The same with other trees in the place of its own.</summary>
    public EnsembleHead With(TreesHead trees) => new([.. Members.Select(m => m.Head is TreesHead ? m with { Head = trees } : m)], Ballot);

    /// <summary>The same with <paramref name="version"/> for every member that has none yet.</summary>
    public EnsembleHead Named(string version) => new([.. Members.Select(m => m.Version.Length > 0 ? m : m with { Version = version })], Ballot);

    /// <inheritdoc/>
    public override double Score(ReadOnlySpan<float> features)
    {
        Span<double> scores = stackalloc double[MostMembers];
        return Poll(features, scores[..Members.Count]).Score;
    }

    /// <inheritdoc/>
    /// <remarks>How sure a member is, is no vote: confidence is that of the first member that has one.</remarks>
    public override ModelAnswer Answer(ReadOnlySpan<float> features)
    {
        Span<double> scores = stackalloc double[MostMembers];
        double confidence = double.NaN;
        for (int m = 0; m < Members.Count; m++)
        {
            ModelAnswer answer = Members[m].Head.Answer(features);
            scores[m] = answer.Score;
            confidence = double.IsNaN(confidence) ? answer.Confidence : confidence;
        }
        double score = Ballot.Count(scores[..Members.Count]).Score;
        return new ModelAnswer(score, Trained ? score : double.NaN, confidence);
    }

    /// <summary>Each member's score of one row and what the vote makes of them. Allocates nothing.</summary>
    /// <param name="features">[32].</param>
    /// <param name="scores">[members], filled.</param>
    public BallotResult Poll(ReadOnlySpan<float> features, Span<double> scores)
    {
        for (int m = 0; m < Members.Count; m++) scores[m] = Members[m].Head.Score(features);
        return Ballot.Count(scores);
    }

    /// <inheritdoc/>
    public override void Score(ReadOnlySpan<float> rows, Span<double> scores)
    {
        CheckBatch(rows, scores);
        Span<double> members = stackalloc double[MostMembers * BlockRows], one = stackalloc double[MostMembers];
        for (int start = 0; start < scores.Length; start += BlockRows)
        {
            int count = Math.Min(BlockRows, scores.Length - start);
            ScoreMembers(rows.Slice(start * FeatureSchema.Count, count * FeatureSchema.Count), members[..(Members.Count * count)]);
            for (int i = 0; i < count; i++)
            {
                for (int m = 0; m < Members.Count; m++) one[m] = members[m * count + i];
                scores[start + i] = Ballot.Count(one[..Members.Count]).Score;
            }
        }
    }

    /// <summary>Each member's scores of a batch; the vote is for the caller to count. Allocates nothing.</summary>
    /// <param name="rows">[rows, 32], row-major.</param>
    /// <param name="scores">[members, rows], member-major, filled.</param>
    public void ScoreMembers(ReadOnlySpan<float> rows, Span<double> scores)
    {
        int count = rows.Length / FeatureSchema.Count;
        for (int m = 0; m < Members.Count; m++) Members[m].Head.Score(rows, scores.Slice(m * count, count));
    }
}
