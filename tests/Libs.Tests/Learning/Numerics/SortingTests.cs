using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Libs.Tests.Learning.Numerics;

public sealed class SortingTests
{
    [Fact]
    public void The_order_of_numbers_is_that_of_a_stable_sort()
    {
        Fixture numpy = Fixture.Load("numerics");

        Assert.Equal(numpy.Result("order"), Sorting.Order(numpy.Input("keys")).Select(i => (double)i));
    }
}
