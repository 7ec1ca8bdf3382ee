namespace QuadTurbo.Gateway.Rest.Learning;

/// <summary>What others claim that the parts of the platform gain [DASH-14, C14]: hypotheses, each beside what was measured of it. No promise of return.</summary>
internal static class Hypotheses
{
    private const string NoCapital = "not measured: a return needs a year of trades on a stated capital, and there is none";
    private const string NoAgents = "not measured: the agents are not trained";
    private const string NoModel = "not measured: the predictive model is not trained";
    private const string NoChain = "not measured: nothing is sent to a chain";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<HypothesisRow> All { get; } =
    [
        Row("baseline_return", "12 % a year before any of the AI phases", 12, 12, "percent a year", NoCapital),
        Row("phase_1_return", "15 to 18 % a year with protected transactions and aggregation", 15, 18, "percent a year", NoChain),
        Row("phase_2_return", "25 to 35 % a year with the predictive model", 25, 35, "percent a year", NoModel),
        Row("phase_3_return", "50 to 80 % a year with the agents", 50, 80, "percent a year", NoAgents),
        Row("agents_gain", "142 % more by reinforcement learning", 142, 142, "percent", NoAgents),
        Row("mev_protection_gain", "10 to 20 % more profit by protection against front-running; elsewhere 10 to 15 %", 10, 20, "percent", NoChain),
        Row("aggregator_opportunities", "15 to 25 % more opportunities by a second aggregator; elsewhere 15 to 20 %", 15, 25, "percent", NoChain),
        Row("combined_gain", "95 to 212 % more by all of it together", 95, 212, "percent", "not measured: its parts are not"),
    ];

    private static HypothesisRow Row(string name, string claim, double low, double high, string unit, string text) =>
        new(name, claim, low, high, unit, Measured: null, N: 0, text);
}
