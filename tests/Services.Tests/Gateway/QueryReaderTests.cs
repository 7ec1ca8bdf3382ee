using Microsoft.AspNetCore.Http;
using QuadTurbo.Gateway.Rest;
using QuadTurbo.Hosting.Listening;

namespace QuadTurbo.Services.Tests.Gateway;

/// <summary>Where a page begins, as a request says it.</summary>
public sealed class QueryReaderTests
{
    [Fact]
    public void A_cursor_is_the_place_that_was_given_out() => Assert.Equal(17, Page($"?cursor={QueryReader.Cursor(17)}"));

    [Theory]
    [InlineData("?cursor=p")]
    [InlineData("?cursor=-1")]
    [InlineData("?cursor=1%3B%20DROP%20TABLE")]
    [InlineData("?cursor=ffffffffffffffff")]
    [InlineData("?limit=0")]
    [InlineData("?limit=1001")]
    public void What_was_not_given_out_is_refused(string query) => Assert.Throws<RequestRefusedException>(() => Page(query));

    private static long? Page(string query)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        return new QueryReader(context.Request, QueryField.Paged).Page(50).Before;
    }
}
