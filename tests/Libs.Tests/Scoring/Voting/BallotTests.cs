using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Scoring.Voting;

namespace QuadTurbo.Libs.Tests.Scoring.Voting;

public class BallotTests
{
    private const double None = double.NaN;

    [Theory]
    [InlineData(VotingStrategy.Weighted, 0.9, 0.4, 0.7)]
    [InlineData(VotingStrategy.Weighted, 0.0, 1.0, 0.4)]
    [InlineData(VotingStrategy.Majority, 0.9, 0.6, 0.9)]
    [InlineData(VotingStrategy.Majority, 0.2, 0.4, 0.2)]
    [InlineData(VotingStrategy.Majority, 0.9, 0.4, 0.5)]
    [InlineData(VotingStrategy.Majority, 0.5, 0.9, 0.5)]
    [InlineData(VotingStrategy.Majority, 0.5, 0.5, 0.5)]
    [InlineData(VotingStrategy.Majority, 0.5, 0.3, 0.3)]
    [InlineData(VotingStrategy.Unanimous, 0.9, 0.6, 0.78)]
    [InlineData(VotingStrategy.Unanimous, 0.4, 0.2, 0.32)]
    [InlineData(VotingStrategy.Unanimous, 0.9, 0.4, 0.5)]
    [InlineData(VotingStrategy.Unanimous, 0.9, 0.5, 0.5)]
    public void Two_members_with_the_seeds_weights_vote_as_the_contract_says(VotingStrategy strategy, double trees, double network, double score)
    {
        BallotResult result = new Ballot(strategy, 0.6, 0.4).Count([trees, network]);

        Assert.Equal(score, result.Score, 1e-15);
        Assert.Equal(Math.Abs(trees - network), result.Disagreement);
        Assert.False(result.Degraded);
    }

    [Theory]
    [InlineData(VotingStrategy.Weighted)]
    [InlineData(VotingStrategy.Majority)]
    [InlineData(VotingStrategy.Unanimous)]
    public void The_one_member_that_has_a_score_decides_and_the_result_says_so(VotingStrategy strategy)
    {
        var ballot = new Ballot(strategy, 0.6, 0.4);

        Assert.Equal(new BallotResult(0.9, 0, Degraded: true), ballot.Count([0.9, None]));
        Assert.Equal(new BallotResult(0.2, 0, Degraded: true), ballot.Count([None, 0.2]));
    }

    [Fact]
    public void Without_any_score_there_is_none()
    {
        BallotResult result = new Ballot(VotingStrategy.Weighted, 0.6, 0.4).Count([None, None]);

        Assert.Equal((None, None, true), (result.Score, result.Disagreement, result.Degraded));
    }

    [Fact]
    public void Of_three_members_two_are_a_majority() =>
        Assert.Equal(0.8, new Ballot(VotingStrategy.Majority, 1, 1, 1).Count([0.7, 0.1, 0.8]).Score);

    [Fact]
    public void A_vote_never_leaves_the_range_of_its_members_but_for_no_trade() => Prop.ForAll(
        Gen.Choose(0, 1000).Select(i => i / 1000.0).ArrayOf().Where(s => s.Length is > 0 and <= 8).ToArbitrary(),
        scores => Enum.GetValues<VotingStrategy>().All(strategy =>
        {
            double score = new Ballot(strategy, [.. scores.Select((_, m) => 1.0 + m)]).Count(scores).Score;
            return score == 0.5 || (score >= scores.Min() - 1e-12 && score <= scores.Max() + 1e-12);
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void Weights_that_are_none_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Ballot(VotingStrategy.Weighted));
        Assert.Throws<ArgumentException>(() => new Ballot(VotingStrategy.Weighted, 0.6, 0));
        Assert.Throws<ArgumentException>(() => new Ballot(VotingStrategy.Weighted, 0.6, double.NaN));
        Assert.Throws<ArgumentException>(() => new Ballot((VotingStrategy)3, 0.6));
        Assert.Throws<ArgumentException>(() => new Ballot(VotingStrategy.Weighted, 0.6, 0.4).Count([0.5]));
    }
}
