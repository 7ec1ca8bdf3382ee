using Microsoft.AspNetCore.Http;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Trading;
using QuadTurbo.Trading.Learning;
using QuadTurbo.Trading.Models;
using QuadTurbo.Trading.Outcomes;

namespace QuadTurbo.Gateway.Rest.Learning;

/// <summary>Models, learning and queues, as their owners tell them.</summary>
internal sealed class LearningPages(ITransport transport)
{
    private const int DefaultLimit = 50;

    /// <summary><c>GET /api/models</c>.</summary>
    public Task<IResult> ModelsAsync(HttpRequest request, CancellationToken cancel) => Answers.TryAsync("no_registry", async () =>
    {
        (int limit, long? before) = new QueryReader(request, QueryField.Paged).Page(DefaultLimit);
        ModelsAnswer page = await transport.AskAsync(Queries.Models, new ModelsQuestion(limit, before is { } at ? (int)Math.Min(at, int.MaxValue) : null), cancel);
        return new ModelsPage(page.Rows, page.Live, await RulesAsync(cancel), page.Experiment, page.Next is { } next ? QueryReader.Cursor(next) : null);
    });

    /// <summary><c>GET /api/models/{name}</c>.</summary>
    public Task<IResult> ModelAsync(string name, CancellationToken cancel) => Answers.TryAsync(
        "no_registry", async () => await transport.AskAsync(Queries.Model, new ModelQuestion(name), cancel));

    /// <summary><c>GET /api/learning</c>.</summary>
    public Task<IResult> LearningAsync(CancellationToken cancel) => Answers.TryAsync(
        "no_training", async () => await transport.AskAsync(Queries.Learning, default, cancel));

    /// <summary><c>GET /api/queues</c>.</summary>
    public async Task<IResult> QueuesAsync(CancellationToken cancel)
    {
        QueueRow[] queues = [.. transport.Queues.Select(q => new QueueRow(q.Handler, q.Topic, q.Depth, q.Capacity, q.Dropped, q.Policy))];
        try
        {
            WriterView writer = await transport.AskAsync(Queries.Writers, default, cancel);
            return Results.Json(new QueuesPage(queues, writer, writer.Integrity));
        }
        catch (UnansweredQueryException)
        {
            return Results.Json(new QueuesPage(queues, Writer: null, "not known: no service of this process keeps a ledger"));
        }
    }

    private async ValueTask<IReadOnlyList<string>> RulesAsync(CancellationToken cancel)
    {
        try
        {
            return await transport.AskAsync(Queries.Readiness, default, cancel);
        }
        catch (UnansweredQueryException)
        {
            return [];
        }
    }
}
