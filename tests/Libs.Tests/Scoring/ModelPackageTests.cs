using System.Text;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Libs.Tests.Scoring;

public class ModelPackageTests
{
    [Fact]
    public void A_package_comes_back_from_its_bytes_whole()
    {
        ModelPackage package = Example.Trained();

        ModelPackage loaded = ModelPackage.Load(package.Bytes, package.Ref);

        Assert.Equal(package.Ref, loaded.Ref);
        Assert.Equal(package.Manifest, loaded.Manifest);
        Assert.Equal(package.Bytes.ToArray(), loaded.Bytes.ToArray());
        Assert.Equal(1_500, loaded.CrossVenue.Samples);
        Assert.True(loaded.CrossVenue.Trained);
        Assert.False(loaded.Directional.Trained);
        var opportunities = Example.Opportunities(200);
        Assert.Equal(Scores(package, opportunities), Scores(loaded, opportunities));
    }

    [Fact]
    public void Identity_is_the_hash_of_the_bytes_and_the_same_each_time()
    {
        ModelPackage package = Example.Trained(600);

        Assert.Matches("^sha256:[0-9a-f]{64}$", package.Ref.Id);
        Assert.Equal(ModelPackage.IdOf(package.Bytes.Span), package.Ref.Id);
        Assert.Equal(Example.Trained(600).Ref, package.Ref);
        Assert.NotEqual(Example.Trained(601).Ref.Id, package.Ref.Id);
    }

    [Fact]
    public void Any_flipped_byte_is_refused()
    {
        ModelPackage package = ModelPackage.Baseline;
        byte[] bytes = package.Bytes.ToArray();
        for (int i = 0; i < bytes.Length; i++)
            for (int bit = 0; bit < 8; bit++)
            {
                bytes[i] ^= (byte)(1 << bit);
                var refusal = Assert.Throws<ModelRefusedException>(() => ModelPackage.Load(bytes, package.Ref));
                Assert.Equal("identity", refusal.What);
                bytes[i] ^= (byte)(1 << bit);
            }
        ModelPackage.Load(bytes, package.Ref);
    }

    [Fact]
    public void A_refusal_names_both_identities()
    {
        ModelPackage package = ModelPackage.Baseline;
        byte[] bytes = [.. package.Bytes.Span, (byte)' '];

        var refusal = Assert.Throws<ModelRefusedException>(() => ModelPackage.Load(bytes, package.Ref.Id));

        Assert.Contains(package.Ref.Id, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(ModelPackage.IdOf(bytes), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_label_or_ordinal_than_announced_is_refused()
    {
        ModelPackage package = ModelPackage.Baseline;

        Assert.Equal("label", Refusal(package.Bytes.ToArray(), package.Ref with { Label = "v0.1.1" }).What);
        Assert.Equal("ordinal", Refusal(package.Bytes.ToArray(), package.Ref with { Ordinal = 1 }).What);
    }

    [Fact]
    public void A_model_of_another_feature_schema_is_refused_by_name()
    {
        ModelRefusedException hash = Refusal(Edited(FeatureSchema.Hash, new string('0', 64)));
        Assert.Equal("feature schema hash", hash.What);
        Assert.Equal(FeatureSchema.Hash, hash.Expected);
        Assert.Equal(new string('0', 64), hash.Found);

        Assert.Equal("feature schema version", Refusal(Edited("\"version\":\"1\"", "\"version\":\"2\"")).What);
    }

    [Theory]
    [InlineData("\"format\":1", "\"format\":2", "format")]
    [InlineData("\"type\":\"logistic\"", "\"type\":\"forest\"", "head type")]
    [InlineData("\"missing\":\"neutral\"", "\"missing\":\"zero\"", "missing rule")]
    [InlineData("net_edge_bps", "no_such_thing", "contents")]
    [InlineData("\"bias\":0", "\"bias\":\"0\"", "contents")]
    [InlineData("\"centre\"", "\"center\"", "contents")]
    [InlineData("\"notes\":\"", "\"notes\":", "contents")]
    [InlineData("\"v0.1.0\"", "\"0.1.0\"", "manifest")]
    [InlineData("\"bias\":0", "\"bias\":0.0", "encoding")]
    [InlineData("{\"format\"", "{ \"format\"", "encoding")]
    public void Contents_that_are_not_a_canonical_package_are_refused_by_name(string old, string replacement, string what) =>
        Assert.Equal(what, Refusal(Edited(old, replacement)).What);

    [Fact]
    public void A_learner_of_another_width_is_refused() =>
        Assert.Throws<ArgumentException>(() => new FtrlHead(new QuadTurbo.Learning.Online.FtrlModel(31).Freeze(), 1));

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("v1.0")]
    [InlineData("v1.0.x")]
    [InlineData("v.0.0")]
    public void A_label_is_a_semantic_version(string label) =>
        Assert.Throws<ArgumentException>(() => ModelPackage.Create(
            ModelPackage.Baseline.Manifest with { Label = label }, ModelPackage.Baseline.CrossVenue, ModelPackage.Baseline.Directional));

    private static double[] Scores(ModelPackage package, QuadTurbo.Trading.Opportunities.Opportunity[] opportunities)
    {
        var answers = new ModelAnswer[opportunities.Length];
        new ModelSet(package).Answer(opportunities, answers);
        return Array.ConvertAll(answers, a => a.Score);
    }

    // Bytes edited by someone who also recomputed their hash.
    private static byte[] Edited(string old, string replacement)
    {
        string text = Encoding.UTF8.GetString(ModelPackage.Baseline.Bytes.Span);
        Assert.Contains(old, text, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text.Replace(old, replacement, StringComparison.Ordinal));
    }

    private static ModelRefusedException Refusal(byte[] bytes, ModelRef? names = null) =>
        Assert.Throws<ModelRefusedException>(() => names is null
            ? ModelPackage.Load(bytes, ModelPackage.IdOf(bytes))
            : ModelPackage.Load(bytes, names));
}
