using QuadTurbo.Learning.Search;

namespace QuadTurbo.Libs.Tests.Learning.Search;

public sealed class SearchSpaceTests
{
    private static readonly double[] Usual = [100, 6, 0.1, 1, 1, 1, 1, 0];

    [Fact]
    public void A_point_outside_is_refused_by_parameter_value_and_limit()
    {
        SearchSpace.Boosting.Check(Usual);

        Assert.Contains("eta is 0.5, at most 0.3", Refused(2, 0.5), StringComparison.Ordinal);
        Assert.Contains("rounds is 49, at least 50", Refused(0, 49), StringComparison.Ordinal);
        Assert.Contains("depth is 4.5, not a whole number", Refused(1, 4.5), StringComparison.Ordinal);
        Assert.Contains("gamma is NaN, at least 0", Refused(7, double.NaN), StringComparison.Ordinal);
        Assert.Contains(
            "7 values; the space has 8",
            Assert.Throws<ArgumentException>(() => SearchSpace.Boosting.Check(Usual[..7])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_is_found_by_name_and_a_point_reads_as_text()
    {
        var space = new SearchSpace(Parameter.Real("eta", 0.1, 1), Parameter.Choice("loss", "log", "square"));

        Assert.Equal(0.25, space.Value([0.25, 1], "eta"));
        Assert.Equal("eta=0.25 loss=square", space.Describe([0.25, 1]));
        Assert.Contains(
            "no parameter is called beta: eta, loss",
            Assert.Throws<ArgumentException>(() => space.IndexOf("beta")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_that_do_not_ascend_equal_names_and_no_choices_are_refused()
    {
        Assert.Contains(
            "eta",
            Assert.Throws<ArgumentOutOfRangeException>("high", () => Parameter.Real("eta", 1, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("high", () => Parameter.Real("eta", 1, double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>("low", () => Parameter.Real("eta", 0, 1, log: true));
        Assert.Throws<ArgumentOutOfRangeException>("low", () => Parameter.Whole("depth", 0, 6, log: true));
        Assert.Throws<ArgumentOutOfRangeException>("high", () => Parameter.Whole("depth", 6, 3));
        Assert.Throws<ArgumentException>("choices", () => Parameter.Choice("loss"));
        Assert.Throws<ArgumentException>("choices", () => Parameter.Choice("loss", "log", "log"));
        Assert.Throws<ArgumentException>("parameters", () => new SearchSpace());
        Assert.Contains("called eta", Assert.Throws<ArgumentException>(
            () => new SearchSpace(Parameter.Real("eta", 0, 1), Parameter.Whole("eta", 0, 1))).Message, StringComparison.Ordinal);
    }

    private static string Refused(int index, double value)
    {
        double[] point = [.. Usual];
        point[index] = value;
        return Assert.Throws<ArgumentOutOfRangeException>(() => SearchSpace.Boosting.Check(point)).Message;
    }
}
