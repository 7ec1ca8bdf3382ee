using FsCheck;
using FsCheck.Fluent;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Libs.Tests.Trading;

public class OpportunityIdTests
{
    private static readonly RouteKey Route = RouteKey.Of("feed", "session", "arb|A X-USD|B X-USD");

    // Computed outside the platform: SHA-256 of "feed\nsession\nroute", its halves mixed with the position by SplitMix64's finaliser.
    [Theory]
    [InlineData(0L, "837d692fd64dd10b8428001341acd02a")]
    [InlineData(1L, "0f9fbb9206263b7120e98293a5b17c50")]
    [InlineData(1_000_000_000_000L, "bae31310400922b4850b5cdef5946f59")]
    public void An_id_is_the_hash_of_feed_session_route_and_position(long position, string id) =>
        Assert.Equal(id, OpportunityId.Of(Route, position).ToString());

    [Theory]
    [InlineData("other", "session", "arb|A X-USD|B X-USD", 7L)]
    [InlineData("feed", "other", "arb|A X-USD|B X-USD", 7L)]
    [InlineData("feed", "session", "arb|B X-USD|A X-USD", 7L)]
    [InlineData("feed", "session", "arb|A X-USD|B X-USD", 8L)]
    public void Another_feed_session_route_or_position_has_another_id(string feed, string session, string route, long position)
    {
        OpportunityId id = OpportunityId.Of(Route, 7);

        Assert.Equal(id, OpportunityId.Of(RouteKey.Of("feed", "session", "arb|A X-USD|B X-USD"), 7));
        Assert.NotEqual(id, OpportunityId.Of(RouteKey.Of(feed, session, route), position));
    }

    [Fact]
    public void A_million_positions_of_one_route_have_distinct_ids_in_either_half()
    {
        var high = new HashSet<ulong>(1_000_000);
        var low = new HashSet<ulong>(1_000_000);
        for (long position = 0; position < 1_000_000; position++)
        {
            OpportunityId id = OpportunityId.Of(Route, position);
            high.Add(id.High);
            low.Add(id.Low);
        }

        Assert.Equal((1_000_000, 1_000_000), (high.Count, low.Count));
    }

    [Fact]
    public void Thousands_of_routes_have_distinct_ids_at_the_same_positions()
    {
        var ids = new HashSet<OpportunityId>();
        for (int route = 0; route < 2_000; route++)
        {
            RouteKey key = RouteKey.Of("feed", "session", $"arb|A S{route}|B S{route}");
            for (long position = 0; position < 50; position++) ids.Add(OpportunityId.Of(key, position));
        }

        Assert.Equal(100_000, ids.Count);
    }

    [Fact]
    public void An_id_reads_back_from_its_text() =>
        Prop.ForAll<ulong, ulong>((high, low) =>
        {
            var id = new OpportunityId(high, low);
            return id.ToString().Length == 32 && OpportunityId.TryParse(id.ToString(), out OpportunityId read) && read == id;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("837d692fd64dd10b8428001341acd02")]
    [InlineData("837d692fd64dd10b8428001341acd02a0")]
    [InlineData("837d692fd64dd10g8428001341acd02a")]
    [InlineData(" 37d692fd64dd10b8428001341acd02a")]
    [InlineData("837d692fd64dd10b-428001341acd02a")]
    public void Anything_but_32_hex_digits_is_no_id(string? text) => Assert.False(OpportunityId.TryParse(text, out _));
}
