using QuadTurbo.Registry.Experiments;
using QuadTurbo.Registry.Models;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Services.Tests.Registry;

public class AssignmentTests
{
    private static readonly RouteKey Route = RouteKey.Of("feed", "session", "route");

    [Theory]
    [InlineData("route_001", 7)]
    [InlineData("", 7)]
    [InlineData("näive", -1)]
    public void The_same_request_goes_to_the_same_bucket(string id, long salt)
    {
        int bucket = Assignment.Bucket(id, salt);

        Assert.Equal(bucket, Assignment.Bucket(id, salt));
        Assert.InRange(bucket, 0, 9_999);
        Assert.Equal(bucket, Assignment.Bucket(System.Text.Encoding.UTF8.GetBytes(id), salt));
    }

    [Fact]
    public void Buckets_never_change_between_builds_since_requests_are_to_stay_where_they_were()
    {
        // SplitMix64's finaliser of (FNV-1a xor mixed salt) mod 10,000, worked out by python.
        Assert.Equal([8_127, 6_184, 8_625], new[] { "route_001", "route_002", "" }.Select(id => Assignment.Bucket(id, 7)));
        Assert.Equal(9_602, Assignment.Bucket(new OpportunityId(1, 2), 7));
    }

    [Fact]
    public void The_challenger_gets_its_share_of_neighbouring_opportunities()
    {
        int challenger = Enumerable.Range(0, 100_000)
            .Count(i => Assignment.ArmOf(Assignment.Bucket(OpportunityId.Of(Route, i), 3), 0.2) == Arm.Challenger);

        // Standard deviation √(100,000 × 0.2 × 0.8) = 126; four of them.
        Assert.InRange(challenger, 20_000 - 506, 20_000 + 506);
    }

    [Fact]
    public void Under_another_salt_the_assignment_is_independent()
    {
        int both = Enumerable.Range(0, 100_000).Count(i => Of(i, 3) && Of(i, 4));

        // A fifth of a fifth: standard deviation √(100,000 × 0.04 × 0.96) = 62; four of them.
        Assert.InRange(both, 4_000 - 248, 4_000 + 248);
        static bool Of(int i, long salt) => Assignment.ArmOf(Assignment.Bucket($"route_{i}", salt), 0.2) == Arm.Challenger;
    }

    [Fact]
    public void Who_has_the_challenger_keeps_it_when_its_share_grows()
    {
        for (int bucket = 0; bucket < Assignment.Buckets; bucket++)
            Assert.True(Assignment.ArmOf(bucket, 0.2) == Arm.Champion || Assignment.ArmOf(bucket, 0.5) == Arm.Challenger);
        Assert.Equal(
            [0, 2_000, 5_000, 10_000],
            new[] { 0, 0.2, 0.5, 1 }.Select(s => Enumerable.Range(0, Assignment.Buckets).Count(b => Assignment.ArmOf(b, s) == Arm.Challenger)));
    }

    [Theory]
    [InlineData(0.8, 0.2, true)]
    [InlineData(0.9, 0.1, true)]
    [InlineData(0.7, 0.3, true)]
    [InlineData(0.8, 0.3, false)]
    [InlineData(0.8, 0.1999, false)]
    [InlineData(1, 0, false)]
    [InlineData(1.2, -0.2, false)]
    [InlineData(double.NaN, 0.2, false)]
    public void Shares_sum_to_one_and_each_arm_has_some(double champion, double challenger, bool good)
    {
        if (good)
        {
            Assert.Equal(challenger, new TrafficSplit(champion, challenger).Challenger);
            Assert.Equal(challenger > 0.2, new TrafficSplit(champion, challenger).Advice is not null);
            return;
        }
        Assert.Equal(Refusal.Invalid, Assert.Throws<RegistryRefusedException>(() => new TrafficSplit(champion, challenger)).Reason);
    }

    [Fact]
    public void Shares_that_do_not_sum_to_one_are_refused_with_their_sum() => Assert.Contains(
        "0.8 and 0.3 sum to 1.1, expected 1", Assert.Throws<RegistryRefusedException>(() => new TrafficSplit(0.8, 0.3)).Message,
        StringComparison.Ordinal);
}
