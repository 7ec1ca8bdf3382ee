using System.Text;
using QuadTurbo.Inference.Scoring;
using QuadTurbo.Inference.Serving;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Predictions;

namespace QuadTurbo.Services.Tests.Inference;

/// <summary>Champion and challenger in Inference [SERV-05, AB-02].</summary>
public sealed class ExperimentTests
{
    private static readonly ModelPackage One = Packages.Ensemble("v1.0.0"), Other = Packages.Of("v2.0.0", new LogisticHead(0.4, [new LogisticTerm("confidence", 0.5, 2, MissingRule.Neutral)], 50));

    [Fact]
    public void A_request_is_judged_by_the_arm_that_its_route_id_falls_to_and_by_nobody_else()
    {
        InferenceModel model = Running(0.3);
        RequestScorer one = new(One), other = new(Other);
        using PredictionBatch batch = Routes(4_000), alone = Routes(4_000), rival = Routes(4_000);

        PredictionAnswer answer = model.Score(batch);
        one.Score(alone);
        other.Score(rival);

        for (int i = 0; i < batch.Count; i++)
            Assert.Equal(batch.Results[i].Challenged ? rival.Results[i] with { Challenged = true } : alone.Results[i], batch.Results[i]);
        // 4,000 draws of 0.3 have a standard deviation of 29.
        Assert.InRange(Challenged(batch).Count(c => c), 1_200 - 145, 1_200 + 145);
        Assert.Equal((One.Ref, Other.Ref), (answer.Scorer.Model, answer.Challenger?.Model));
    }

    [Fact]
    public void A_route_id_stays_with_its_arm_alone_in_any_batch_and_when_the_share_grows()
    {
        InferenceModel model = Running(0.3);
        using PredictionBatch batch = Routes(300);
        model.Score(batch);
        bool[] small = Challenged(batch);

        for (int i = 0; i < small.Length; i++)
        {
            using PredictionBatch single = Routes(1, first: i);
            PredictionAnswer answer = model.Score(single);
            Assert.Equal(small[i], single.Results[0].Challenged);
            Assert.Equal(small[i], answer.Challenger is not null);
        }
        model.Assign(Packages.Assigned(Other, 0.6));
        model.Score(batch);

        bool[] large = Challenged(batch);
        Assert.All(Enumerable.Range(0, small.Length), i => Assert.True(large[i] || !small[i]));
        Assert.NotEqual(small, large);
    }

    [Fact]
    public void However_a_route_id_is_escaped_it_falls_to_the_same_arm()
    {
        byte[] body = Encoding.UTF8.GetBytes("""["caf\u00e9 / A\n","café / A\u000a","\u0063afé \/ A\n"]""");
        using var batch = new PredictionBatch(3) { Body = body };
        foreach (Range at in new[] { 2..17, 20..35, 38..55 }) Put(batch, body, at);

        ulong[] hashes = [.. Enumerable.Range(0, 3).Select(i => RouteHash.Of(batch, batch.Inputs[i]))];

        Assert.Equal(RouteHash.Of("café / A\n"u8), hashes[0]);
        Assert.Single(hashes.Distinct());
    }

    [Theory]
    [InlineData("", 0xcbf29ce484222325UL)]
    [InlineData("a", 0xaf63dc4c8601ec8cUL)]
    [InlineData("foobar", 0x85944171f73967e8UL)]
    public void The_hash_has_the_published_values_of_fnv_1a(string id, ulong hash) => Assert.Equal(hash, RouteHash.Of(Encoding.UTF8.GetBytes(id)));

    [Fact]
    public void Without_a_challenger_nobody_is_asked_for_a_second_opinion()
    {
        SecondOpinions opinions = Packages.NewOpinions();
        InferenceModel model = Packages.NewModel(opinions);
        using PredictionBatch batch = Routes(50);

        PredictionAnswer answer = model.Score(batch);

        Assert.Equal((null, 0), (answer.Challenger, opinions.Waiting));
        Assert.Equal(50, Assert.Single(model.Status().Arms).Predictions);
    }

    [Fact]
    public async Task The_other_arm_scores_every_request_too_and_the_difference_is_that_of_both_scores()
    {
        SecondOpinions opinions = Packages.NewOpinions();
        InferenceModel model = Running(0.3, opinions);
        await opinions.StartAsync(CancellationToken.None);
        using PredictionBatch batch = Routes(1_000), alone = Routes(1_000), rival = Routes(1_000);
        model.Score(batch);
        model.Score(batch);
        new RequestScorer(One).Score(alone);
        new RequestScorer(Other).Score(rival);

        await opinions.StopAsync(CancellationToken.None);

        double[] differences = [.. Enumerable.Range(0, 1_000).Select(i => rival.Results[i].Score - alone.Results[i].Score)];
        ServingStatus status = model.Status();
        int challenged = 2 * Challenged(batch).Count(c => c);
        Assert.Equal([(One.Ref, 0.7, 2_000L - challenged, (long)challenged), (Other.Ref, 0.3, challenged, 2_000L - challenged)],
            status.Arms.Select(a => (a.Model, a.Share, a.Predictions, a.Opinions)));
        Assert.Equal((2_000, 0), (status.Difference.Rows, status.OpinionsDropped));
        Assert.Equal(differences.Average(), status.Difference.Mean, 1e-12);
        Assert.Equal(differences.Average(Math.Abs), status.Difference.MeanAbsolute, 1e-12);
        Assert.Equal(0, opinions.Waiting);
    }

    [Fact]
    public void Second_opinions_that_find_no_room_are_dropped_and_counted_and_requests_go_on()
    {
        SecondOpinions opinions = Packages.NewOpinions();
        InferenceModel model = Running(0.5, opinions);
        using PredictionBatch one = Routes(1), many = Routes(10_000);

        for (int i = 0; i < SecondOpinions.MostRequests + 7; i++) model.Score(one);
        Assert.Equal((SecondOpinions.MostRequests, 7), (opinions.Waiting, opinions.Dropped));
        model.Score(many);

        Assert.Equal((SecondOpinions.MostRequests, 10_007), (opinions.Waiting, opinions.Dropped));
        Assert.Equal(SecondOpinions.MostRequests + 8, model.Status().Requests);
    }

    [Fact]
    public void A_challenger_that_is_promoted_judges_everything_and_one_that_is_withdrawn_nothing()
    {
        InferenceModel model = Running(0.5);
        model.Assign(Packages.Assigned(Other));
        Assert.Equal([Other.Ref], model.Status().Arms.Select(a => a.Model));

        model.Assign(Packages.Assigned(One, 0.2));
        model.Assign(Packages.Assigned(One, 0));

        Assert.Equal([(Other.Ref, 1.0)], model.Status().Arms.Select(a => (a.Model, a.Share)));
        Assert.Equal(0, model.Status().Refused);
    }

    [Fact]
    public void A_challenger_that_is_refused_leaves_the_experiment_as_it_was()
    {
        InferenceModel model = Running(0.5);
        byte[] damaged = Packages.Ensemble("v3.0.0").Bytes.ToArray();
        damaged[99] ^= 1;

        model.Assign(new ModelAssigned { Model = Packages.Ensemble("v3.0.0").Ref, Package = damaged, Why = "", Share = 0.1 });

        Assert.Equal([One.Ref, Other.Ref], model.Status().Arms.Select(a => a.Model));
        Assert.Equal(1, model.Status().Refused);
    }

    [Fact]
    public void Scoring_during_an_experiment_allocates_nothing()
    {
        InferenceModel model = Running(0.5);
        using PredictionBatch batch = Routes(100);
        // The queue fills and stays full: copies are made, found to have no room, and given back.
        for (int i = 0; i < 2 * SecondOpinions.MostRequests; i++) model.Score(batch);

        Assert.Equal(0, Garbage.Of(() => model.Score(batch)));
    }

    private static InferenceModel Running(double share, SecondOpinions? opinions = null)
    {
        InferenceModel model = Packages.NewModel(opinions);
        model.Assign(Packages.Assigned(One));
        model.Assign(Packages.Assigned(Other, share));
        return model;
    }

    private static bool[] Challenged(PredictionBatch batch) => [.. batch.Results.ToArray().Select(r => r.Challenged)];

    private static PredictionBatch Routes(int count, int first = 0)
    {
        byte[] body = Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(first, count).Select(i => $"route-{i:000000}")));
        PredictionInput[] requests = [.. FieldProbe.Requests()];
        var batch = new PredictionBatch(count) { Body = body };
        for (int i = 0; i < count; i++)
            batch.Add() = requests[(first + i) % requests.Length] with { RouteIdStart = 13 * i, RouteIdLength = 12 };
        return batch;
    }

    private static void Put(PredictionBatch batch, byte[] body, Range at)
    {
        (int start, int length) = at.GetOffsetAndLength(body.Length);
        batch.Add() = new PredictionInput { RouteIdStart = start, RouteIdLength = length };
    }
}
