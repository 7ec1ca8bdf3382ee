using QuadTurbo.Learning.Metrics;
using QuadTurbo.Learning.Online;
using QuadTurbo.Trading;

namespace QuadTurbo.Libs.Tests.Learning;

public class FtrlModelTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void Planted_features_are_found_within_twenty_thousand_samples(long seed, bool rough)
    {
        GeneratedWorld world = GeneratedWorld.Create(seed, 20_000, additive: 0.31, interaction: 0.43, rough: rough);

        double[] scores = Prequential(new FtrlModel(32), world);

        Assert.InRange(Classification.Auc(scores, world.Labels), 0.65, 0.71);
        Assert.True(Classification.LogLoss(scores, world.Labels) < 0.66);
        Assert.True(Classification.Auc(scores.AsSpan(10_000), world.Labels.AsSpan(10_000)) > 0.66);
    }

    [Fact]
    public void The_planted_world_is_as_hard_as_it_should_be()
    {
        GeneratedWorld additive = GeneratedWorld.Create(1, 20_000, additive: 0.31, interaction: 0);
        GeneratedWorld world = GeneratedWorld.Create(1, 20_000, additive: 0.31, interaction: 0.43);

        for (int f = 0; f < 32; f++) Assert.True(Classification.Auc(world.Column(f), world.Labels) <= 0.605, $"feature {f}");
        Assert.Equal(0.66, Classification.Auc(additive.Truth, additive.Labels), 0.01);
        Assert.Equal(0.695, Classification.Auc(world.Truth, world.Labels), 0.01);
    }

    [Fact]
    public void Noise_is_hardly_fitted()
    {
        for (long seed = 1; seed <= 3; seed++)
        {
            GeneratedWorld noise = GeneratedWorld.Create(seed, 20_000, additive: 0, interaction: 0, rough: seed == 3);

            double[] scores = Prequential(new FtrlModel(32), noise);

            Assert.True(Classification.LogLoss(scores, noise.Labels) <= Math.Log(2) + 0.01);
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.4)]
    public void Noise_scores_one_half_within_three_standard_errors_in_19_of_20_seeds(double bias)
    {
        int within = 0;
        for (long seed = 1; seed <= 20; seed++)
        {
            GeneratedWorld noise = GeneratedWorld.Create(seed, 2_000, additive: 0, interaction: 0, bias, rough: true);
            double[] scores = Prequential(new FtrlModel(32), noise);
            double error = Bootstrap.AucStandardError(scores, noise.Labels, blockLength: 50, draws: 200, seed);
            if (Math.Abs(Classification.Auc(scores, noise.Labels) - 0.5) <= 3 * error) within++;
        }

        Assert.InRange(within, 19, 20);
    }

    [Fact]
    public void The_constant_term_follows_the_base_rate_from_the_first_hundreds_on()
    {
        GeneratedWorld world = GeneratedWorld.Create(1, 600, additive: 0, interaction: 0, bias: -2);
        var model = new FtrlModel(32);

        double[] scores = Prequential(model, world);

        double rate = world.Labels.Count(l => l) / 600.0;
        Assert.Equal(rate, scores[300..].Average(), 0.03);
    }

    [Fact]
    public void One_weight_follows_the_published_formulas()
    {
        // Without intercept learning, bins or scaling in play: one two-valued feature, against algorithm 1 of McMahan et al. written out.
        var options = new FtrlOptions { Alpha = 0.5, Beta = 1, L1 = 0.1, L2 = 0.2, PriorSamples = 1e300, CutSamples = 100_000 };
        var model = new FtrlModel(1, options);
        double z = 0, n = 0, mean = 0, variance = 0;
        SeededRandom random = SeededRandom.Stream(4, "ftrl-oracle");
        var seen = new List<double>();
        for (int i = 0; i < 200; i++)
        {
            float x = (float)random.NextNormal();
            bool label = random.NextDouble() < 0.5 + 0.3 * Math.Tanh(x);
            double w = Math.Abs(z) <= 0.1 ? 0 : -(z - Math.Sign(z) * 0.1) / ((1 + Math.Sqrt(n)) / 0.5 + 0.2);
            double scaled = variance > 0 ? Math.Clamp((x - mean) / Math.Sqrt(variance), -5, 5) : 0;
            double p = 1 / (1 + Math.Exp(-w * scaled));

            Assert.Equal(p, model.Update([x], label), 12);

            double g = (p - (label ? 1 : 0)) * scaled;
            z += g - (Math.Sqrt(n + g * g) - Math.Sqrt(n)) / 0.5 * w;
            n += g * g;
            seen.Add(x);
            mean = seen.Average();
            variance = seen.Average(v => (v - mean) * (v - mean));
        }
        Assert.NotEqual(0, model.Freeze().Features[0].RawWeight);
    }

    [Fact]
    public void What_it_says_of_a_sample_does_not_depend_on_that_samples_label()
    {
        GeneratedWorld world = GeneratedWorld.Create(1, 700, additive: 0.3, interaction: 0.4, rough: true);
        var model = new FtrlModel(32);
        for (int i = 0; i < 700; i++)
        {
            double predicted = model.Predict(world.Rows[i]);
            Assert.Equal(predicted, model.Update(world.Rows[i], world.Labels[i]));
        }
    }

    [Fact]
    public void A_frozen_copy_gives_the_same_bits_and_no_longer_changes()
    {
        GeneratedWorld world = GeneratedWorld.Create(2, 1_500, additive: 0.3, interaction: 0.4, rough: true);
        var model = new FtrlModel(32);
        Train(model, world, 0, 1_000);

        BinnedLogistic frozen = model.Freeze();
        double[] before = Array.ConvertAll(world.Rows, r => model.Predict(r));
        Train(model, world, 1_000, 1_500);

        Assert.Equal(before, Array.ConvertAll(world.Rows, r => frozen.Predict(r)));
        Assert.NotEqual(before, Array.ConvertAll(world.Rows, r => model.Predict(r)));
    }

    [Fact]
    public void A_frozen_copy_rebuilt_from_its_parameters_gives_the_same_bits()
    {
        GeneratedWorld world = GeneratedWorld.Create(2, 1_000, additive: 0.3, interaction: 0.4, rough: true);
        var model = new FtrlModel(32);
        Train(model, world, 0, 1_000);
        BinnedLogistic frozen = model.Freeze();

        var rebuilt = new BinnedLogistic(frozen.Bias, frozen.Features);

        Assert.Equal(Array.ConvertAll(world.Rows, r => frozen.Predict(r)), Array.ConvertAll(world.Rows, r => rebuilt.Predict(r)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(900)]
    public void A_restored_model_continues_bit_for_bit(int before)
    {
        GeneratedWorld world = GeneratedWorld.Create(3, 1_200, additive: 0.3, interaction: 0.4, rough: true);
        var straight = new FtrlModel(32);
        Train(straight, world, 0, before);

        FtrlModel restored = FtrlModel.Restore(straight.Save());
        Train(straight, world, before, 1_200);
        Train(restored, world, before, 1_200);

        Assert.Equal(1_200, restored.Samples);
        Assert.Equal(straight.Options, restored.Options);
        Assert.Equal(straight.Save(), restored.Save());
        Assert.Equal(straight.Predict(world.Rows[0]), restored.Predict(world.Rows[0]));
    }

    [Fact]
    public void Every_prefix_of_a_saved_model_is_refused()
    {
        byte[] saved = new FtrlModel(2, new FtrlOptions { CutSamples = 16 }).Save();

        for (int length = 0; length < saved.Length; length++)
            Assert.Throws<InvalidDataException>(() => FtrlModel.Restore(saved.AsSpan(0, length)));
        Assert.Throws<InvalidDataException>(() => FtrlModel.Restore([.. saved, 0]));
        FtrlModel.Restore(saved);
    }

    [Fact]
    public void Updates_and_predictions_allocate_nothing()
    {
        GeneratedWorld world = GeneratedWorld.Create(1, 2_000, additive: 0.3, interaction: 0.4, rough: true);
        var model = new FtrlModel(32);
        Train(model, world, 0, 100);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Train(model, world, 100, 2_000);
        double sum = 0;
        for (int i = 0; i < 2_000; i++) sum += model.Predict(world.Rows[i]);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(sum, 1, 1_999);
    }

    [Fact]
    public void A_sample_of_weight_nought_teaches_nothing_about_the_label()
    {
        GeneratedWorld world = GeneratedWorld.Create(1, 600, additive: 0.3, interaction: 0);
        var yes = new FtrlModel(32);
        var no = new FtrlModel(32);
        for (int i = 0; i < 600; i++)
        {
            yes.Update(world.Rows[i], true, weight: 0);
            no.Update(world.Rows[i], false, weight: 0);
        }

        Assert.Equal(0.5, yes.Predict(world.Rows[0]));
        Assert.Equal(yes.Save(), no.Save());
    }

    [Fact]
    public void Values_that_are_not_finite_count_as_missing()
    {
        GeneratedWorld world = GeneratedWorld.Create(1, 1_000, additive: 0.3, interaction: 0.4, rough: true);
        var nan = new FtrlModel(32);
        var infinite = new FtrlModel(32);
        for (int i = 0; i < 1_000; i++)
        {
            nan.Update(world.Rows[i], world.Labels[i]);
            float sign = i % 2 == 0 ? 1 : -1;
            infinite.Update(Array.ConvertAll(world.Rows[i], x => float.IsNaN(x) ? sign * float.PositiveInfinity : x), world.Labels[i]);
        }

        Assert.Equal(nan.Predict(world.Rows[0]), infinite.Predict(world.Rows[0]));
        Assert.InRange(nan.Predict(Enumerable.Repeat(float.NaN, 32).ToArray()), 0.01, 0.99);
        Assert.InRange(nan.Predict(Enumerable.Repeat(float.MaxValue, 32).ToArray()), 1e-9, 1 - 1e-9);
    }

    [Fact]
    public void A_missing_value_can_itself_foretell()
    {
        SeededRandom random = SeededRandom.Stream(1, "missing");
        var model = new FtrlModel(1);
        for (int i = 0; i < 20_000; i++)
        {
            bool missing = random.NextDouble() < 0.3;
            model.Update([missing ? float.NaN : (float)random.NextNormal()], random.NextDouble() < (missing ? 0.8 : 0.3));
        }

        Assert.Equal(0.8, model.Predict([float.NaN]), 0.08);
        Assert.Equal(0.3, model.Predict([0.1f]), 0.05);
    }

    [Fact]
    public void Bins_are_cut_at_the_octiles_of_the_first_samples()
    {
        var model = new FtrlModel(3, new FtrlOptions { CutSamples = 80 });
        for (int i = 0; i < 80; i++) model.Update([(float)(79 - i), i % 2, 7], i % 2 == 0);

        IReadOnlyList<BinnedFeature> features = model.Freeze().Features;

        Assert.Equal([10f, 20f, 30f, 40f, 50f, 60f, 70f], features[0].Cuts);
        Assert.Equal([1f], features[1].Cuts);
        Assert.Empty(features[2].Cuts);
    }

    [Fact]
    public void A_value_at_a_cut_belongs_to_the_bin_above()
    {
        double[] weights = [9, 1, 2, 3, 4, 5, 6, 7, 8];
        var model = new BinnedLogistic(0, [new BinnedFeature(0, 0, [-2, 0, 5], 0, weights)]);

        Assert.Equal(Logistic.Sigmoid(1), model.Predict([-2.0001f]));
        Assert.Equal(Logistic.Sigmoid(2), model.Predict([-2f]));
        Assert.Equal(Logistic.Sigmoid(2), model.Predict([-0.0001f]));
        Assert.Equal(Logistic.Sigmoid(3), model.Predict([0f]));
        Assert.Equal(Logistic.Sigmoid(4), model.Predict([5f]));
        Assert.Equal(Logistic.Sigmoid(9), model.Predict([float.NaN]));
        Assert.Equal(Logistic.Sigmoid(9), model.Predict([float.PositiveInfinity]));
        Assert.Equal(Logistic.Sigmoid(1), model.Predict([float.MinValue]));
    }

    [Fact]
    public void Rows_weights_and_options_out_of_range_are_refused()
    {
        var model = new FtrlModel(2);

        Assert.Throws<ArgumentException>(() => model.Predict([1f]));
        Assert.Throws<ArgumentException>(() => model.Freeze().Predict([1f, 2f, 3f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Update([1f, 2f], true, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Update([1f, 2f], true, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FtrlModel(2, new FtrlOptions { Alpha = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FtrlModel(2, new FtrlOptions { L1 = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FtrlModel(0));
        Assert.Throws<ArgumentException>(() => new BinnedLogistic(0, [new BinnedFeature(0, 0, [1, 1], 0, new double[9])]));
        Assert.Throws<ArgumentException>(() => new BinnedLogistic(0, [new BinnedFeature(double.NaN, 0, [], 0, new double[9])]));
        Assert.Throws<ArgumentException>(() => new BinnedLogistic(0, [new BinnedFeature(0, 0, [], 0, new double[8])]));
    }

    private static void Train(FtrlModel model, GeneratedWorld world, int from, int to)
    {
        for (int i = from; i < to; i++) model.Update(world.Rows[i], world.Labels[i]);
    }

    private static double[] Prequential(FtrlModel model, GeneratedWorld world)
    {
        var scores = new double[world.Labels.Length];
        for (int i = 0; i < scores.Length; i++) scores[i] = model.Update(world.Rows[i], world.Labels[i]);
        return scores;
    }
}
