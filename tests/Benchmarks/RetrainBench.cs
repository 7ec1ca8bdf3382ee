using System.Diagnostics;
using QuadTurbo.Learning.Numerics;
using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Features;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using QuadTurbo.Training;
using QuadTurbo.Training.Dataset;
using QuadTurbo.Training.Drift;
using QuadTurbo.Training.Publication;
using QuadTurbo.Training.Trainers;

namespace QuadTurbo.Benchmarks;

/// <summary>
/// T6: the whole retrain of 1,000 rows: purged 5-fold cross-validation, final fit, calibration, every metric, package and ONNX on disk.
/// D2: a buffer of 10,000 rows, from the first drifted sample to a package that is loaded and scores: wall time, and samples until the drift was seen.
/// </summary>
internal static class RetrainBench
{
    private static readonly DateTime Start = new(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc);
    private static readonly int Edge = FeatureSchema.IndexOf("net_edge_bps");

    public static void Run(string[] args)
    {
        int times = args.Length > 0 ? int.Parse(args[0]) : 7;
        string folder = Directory.CreateTempSubdirectory("retrain").FullName;
        try
        {
            Measure("T6: retrain of 1,000 rows, ready to serve", times, i => Retrain(World(i, 1_000, shift: 0), folder));
            Measure("D2: drift to a loaded model, 10,000 rows", times, i => DriftToReady(i, folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string what, int times, Action<int> work)
    {
        work(0);
        var seconds = new double[times];
        for (int i = 0; i < times; i++)
        {
            long started = Stopwatch.GetTimestamp();
            work(i + 1);
            seconds[i] = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        Array.Sort(seconds);
        Console.WriteLine($"{what}: median {seconds[times / 2]:0.000} s [{seconds[0]:0.000}, {seconds[^1]:0.000}] of {times}, wall");
    }

    private static void DriftToReady(int seed, string folder)
    {
        Sample[] before = World(seed, 10_000, shift: 0), after = World(seed + 1_000, 1_000, shift: 1);
        var watch = new DriftWatch(OpportunityKind.CrossVenue, seed);
        watch.Refer(before, before[8_000..]);
        int seen = 0;
        while (seen < after.Length && watch.Add(after[seen++]).Count == 0)
        {
        }
        if (seen == after.Length) throw new InvalidOperationException("the drift was not seen");
        Retrain([.. before[seen..], .. after[..seen]], folder);
    }

    private static void Retrain(Sample[] samples, string folder)
    {
        var request = new RetrainRequest { Trigger = "bench", At = samples[^1].KnownAt, Samples = samples, Types = new HashSet<ModelType> { ModelType.MetaLabel } };
        RetrainResult result = new FullRetrain(new TrainingSettings(), new StoredBoosting(new BoostingSettings())).Run(request);
        ModelPackage package = ModelPublisher.Pack(result.Drafts[0], 1, request);
        var artefacts = new ArtefactStore(folder);
        artefacts.Put(package.Bytes);
        var loaded = new ModelSet(artefacts.LoadPackage(package.Ref.Id));
        foreach (Sample sample in samples.AsSpan(0, 256))
            if (!loaded.Score(sample.Features, sample.Kind).Equals(package.CrossVenue.Score(sample.ReadFeatures()))) throw new InvalidOperationException("the loaded model scores differently");
    }

    private static Sample[] World(int seed, int rows, double shift)
    {
        SplitMix64 random = SplitMix64.Stream(seed, "retrain-bench");
        var samples = new Sample[rows];
        for (int i = 0; i < rows; i++)
        {
            FeatureVector features = FeatureVector.Unknown;
            for (int f = 0; f < FeatureSchema.Count; f++) features[f] = (float)(random.NextNormal() + shift);
            double margin = 0.5 * features[Edge] + 0.8 * features[0] - 0.8 * features[1] * features[4];
            bool won = random.NextDouble() < 1 / (1 + Math.Exp(-margin));
            samples[i] = new Sample
            {
                Id = new OpportunityId((ulong)seed, (ulong)i),
                Kind = OpportunityKind.CrossVenue,
                DecidedAt = Start.AddSeconds(i),
                KnownAt = Start.AddSeconds(i + 1),
                Features = features,
                Score = 0.5,
                NetBps = won ? 6 : -6,
                Won = won,
                SlippageBps = random.NextNormal(),
                Lane = Lane.ShadowSim,
            };
        }
        return samples;
    }
}
