using System.Text;
using QuadTurbo.Learning.Boosting;
using QuadTurbo.Learning.Calibration;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Libs.Tests.Scoring;

public class TreesHeadTests
{
    // The first feature tells: margin -1 below 0, +1 from 0 on. Of ten rows at each margin, two and nine were wins.
    private static readonly TreeEnsemble Trees = new(
        Objective.Logistic, FeatureSchema.Count, 0, [[new TreeNode(0, 0, 1, 2, false, 0, 1, 2), TreeNode.Leaf(-1, 1), TreeNode.Leaf(1, 1)]]);

    private static readonly VennAbersTable Confidence = VennAbers.Fit(
        [.. Enumerable.Repeat(-1.0, 10), .. Enumerable.Repeat(1.0, 10)], [.. Enumerable.Range(0, 20).Select(i => i < 2 || i > 10)]).ToTable();

    [Theory]
    [InlineData(-1, 2.0 / 11, 3.0 / 11)]
    [InlineData(1, 9.0 / 11, 10.0 / 11)]
    public void Confidence_is_what_one_more_win_or_loss_at_the_margin_would_leave_undecided(double first, double p0, double p1)
    {
        ModelAnswer answer = Answer(Loaded(new TreesHead(Trees, Identity.Instance, 20, Confidence)), first);

        Assert.Equal(1 - (p1 - p0), answer.Confidence, 1e-6);
        Assert.Equal(1 / (1 + Math.Exp(-first)), answer.Score, 1e-6);
        Assert.Equal(answer.Score, answer.MetaLabel);
    }

    [Fact]
    public void Trees_without_a_table_do_not_say_how_sure_they_are() =>
        Assert.Equal(double.NaN, Answer(Loaded(new TreesHead(Trees, Identity.Instance, 20)), 1).Confidence);

    [Fact]
    public void Another_calibrator_leaves_the_confidence_as_it_was() =>
        Assert.Same(Confidence, new TreesHead(Trees, Identity.Instance, 20, Confidence).With(Platt.Fit([-1, 1, -1, 1], [false, true, true, false])).Confidence);

    [Fact]
    public void A_table_that_does_not_read_is_refused_with_its_name()
    {
        string text = Encoding.UTF8.GetString(Package(new TreesHead(Trees, Identity.Instance, 20, Confidence)).Bytes.Span);
        byte[] cut = Encoding.UTF8.GetBytes(text.Replace(Convert.ToBase64String(Confidence.ToBytes()), Convert.ToBase64String(Confidence.ToBytes()[..^8]), StringComparison.Ordinal));

        ModelRefusedException refusal = Assert.Throws<ModelRefusedException>(() => ModelPackage.Load(cut, ModelPackage.IdOf(cut)));

        Assert.Contains("Venn-Abers table", refusal.Message, StringComparison.Ordinal);
    }

    private static ModelPackage Package(TreesHead head) => ModelPackage.Create(
        new ModelManifest { Label = "v0.2.1", Ordinal = 1, Kind = "trees", Samples = 20, Seed = 0 }, head, ModelPackage.Baseline.Directional);

    private static ModelSet Loaded(TreesHead head)
    {
        ModelPackage package = Package(head);
        return new ModelSet(ModelPackage.Load(package.Bytes, package.Ref));
    }

    private static ModelAnswer Answer(ModelSet model, double first)
    {
        FeatureVector features = FeatureVector.Unknown;
        features[0] = (float)first;
        return model.Answer(Example.Opportunity(OpportunityKind.CrossVenue, features));
    }
}
