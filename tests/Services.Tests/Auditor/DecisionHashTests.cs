using QuadTurbo.Auditor.Audit;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Opportunities;

namespace QuadTurbo.Services.Tests.Auditor;

public class DecisionHashTests
{
    private static readonly Decision Refused = Judged.Decide(0, GateState.Fail);

    [Fact]
    public void The_same_decisions_have_the_same_hash()
    {
        Assert.Equal(HashOf(Refused, Judged.Decide(1)), HashOf(Judged.Decide(0, GateState.Fail), Judged.Decide(1)));
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", HashOf());
    }

    [Fact]
    public void Each_ingredient_changes_the_hash()
    {
        GateResult[] gates = Refused.Gates.ToArray();
        Decision[] changed =
        [
            Judged.Decide(1, GateState.Fail),
            Refused with { Passed = true },
            Gate(0, g => g with { State = GateState.Pass }),
            Gate(0, g => g with { Measured = Math.BitIncrement(g.Measured) }),
            Gate(0, g => g with { Limit = Math.BitIncrement(g.Limit) }),
            Gate(0, g => g with { Reason = "so" }),
            Gate(1, g => g with { Measured = Math.BitIncrement(g.Measured) }),
            Refused with { Policy = Judged.Policy with { Gates = [Judged.Policy.Gates[0] with { Reason = "other" }, .. Judged.Policy.Gates.Skip(1)] } },
            Refused with { Gates = gates.AsMemory(0, 2) },
            Refused with { Score = Math.BitIncrement(Refused.Score) },
            Refused with { Score = double.NaN },
            Refused with { Model = new ModelRef("sha256:01", "v0.1.0", 0) },
        ];

        Assert.Equal(changed.Length + 1, changed.Append(Refused).Select(d => HashOf(d)).Distinct().Count());

        Decision Gate(int index, Func<GateResult, GateResult> change) => Refused with { Gates = gates.Select((g, i) => i == index ? change(g) : g).ToArray() };
    }

    [Fact]
    public void The_order_changes_the_hash_and_what_is_no_ingredient_does_not()
    {
        Assert.NotEqual(HashOf(Refused, Judged.Decide(1)), HashOf(Judged.Decide(1), Refused));
        Decision elsewhere = Refused with
        {
            Ordinal = 7,
            Opportunity = Refused.Opportunity with { KnownAt = DateTime.UnixEpoch, Confidence = 0.1 },
            Model = Refused.Model with { Label = "v9.9.9", Ordinal = 9 },
            Policy = Judged.Policy with { Settings = "{\"path\":\"elsewhere\"}" },
        };
        Assert.Equal(HashOf(Refused), HashOf(elsewhere));
    }

    private static string HashOf(params Decision[] decisions)
    {
        using var hash = new DecisionHash();
        foreach (Decision decision in decisions) hash.Add(decision);
        return hash.Value;
    }
}
