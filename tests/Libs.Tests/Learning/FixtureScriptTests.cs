using Xunit.Abstractions;

namespace QuadTurbo.Libs.Tests.Learning;

/// <summary>The committed fixtures are what the scripts give, where scipy, scikit-learn and xgboost are installed.</summary>
public sealed class FixtureScriptTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Fixture.Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_fixture_is_made_again_with_the_same_inputs_and_results(string name)
    {
        if (Fixture.Recompute(name, output) is not { } again) return;
        Fixture committed = Fixture.Load(name);

        Fixture.Same(committed.Inputs, again.Inputs, 0, "inputs");
        Fixture.Same(committed.Results, again.Results, name.StartsWith("xgboost", StringComparison.Ordinal) ? 1e-6 : 1e-12, "results");
    }
}
