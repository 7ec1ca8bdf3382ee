using QuadTurbo.Gateway.Rest;
using QuadTurbo.Gateway.Rest.Learning;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>Where a page begins.</summary>
public sealed class PageQueryTests
{
    [Fact]
    public void A_cursor_is_the_place_that_was_given_out() => Assert.Equal(17, PageQuery.Cursor(PageQuery.Text(17)));

    [Theory]
    [InlineData("5")]
    [InlineData("p")]
    [InlineData("p-1")]
    [InlineData("p1; DROP TABLE")]
    public void A_cursor_that_was_not_given_out_is_refused(string cursor) => Assert.Throws<RequestRefusedException>(() => PageQuery.Cursor(cursor));
}
