using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using QuadTurbo.Hosting.Transport.Dapr;

namespace QuadTurbo.Hosting.State;

/// <summary>A state store beside a sidecar, whichever is behind it.</summary>
/// <remarks>
/// Stores differ in what a tag means and in what a conditional write does to a key that is absent or was written plainly. So every write is a first write with the tag
/// just read, a value carries its own tag and its own end, and a key that was written once stays: what was taken away, or has expired, is a mark. Then one rule holds for all
/// of them: a write succeeds only on what was read. A write whose answer is lost is settled by reading again.
/// </remarks>
public sealed class DaprStateStore : IStateStore, IDisposable
{
    private const int Attempts = 20;
    private readonly SidecarClient _sidecar;
    private readonly TimeProvider _clock;

    /// <summary>The store of the sidecar of <paramref name="options"/>.</summary>
    public DaprStateStore(DaprOptions options, TimeProvider clock) => (_sidecar, _clock) = (new SidecarClient(options), clock);

    /// <inheritdoc/>
    /// <exception cref="StateUnavailableException">The store does not answer.</exception>
    public async ValueTask<StateEntry?> GetAsync(string key, CancellationToken ct = default)
    {
        StateLimits.CheckKey(key);
        return Live(await ReadAsync(key, ct));
    }

    /// <inheritdoc/>
    /// <exception cref="StateUnavailableException">The store does not answer.</exception>
    public ValueTask<StateResult> SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? ttl = null, CancellationToken ct = default) =>
        WriteAsync(key, value, ttl, static _ => null, ct);

    /// <inheritdoc/>
    /// <exception cref="StateUnavailableException">The store does not answer.</exception>
    public ValueTask<StateResult> CreateAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? ttl = null, CancellationToken ct = default) =>
        WriteAsync(key, value, ttl, static current => current is null ? null : StateOutcome.Conflict, ct);

    /// <inheritdoc/>
    /// <exception cref="StateUnavailableException">The store does not answer.</exception>
    public ValueTask<StateResult> ReplaceAsync(string key, string etag, ReadOnlyMemory<byte> value, TimeSpan? ttl = null, CancellationToken ct = default) =>
        WriteAsync(key, value, ttl, current => Expect(etag, current), ct);

    /// <inheritdoc/>
    /// <exception cref="StateUnavailableException">The store does not answer.</exception>
    public async ValueTask<StateResult> DeleteAsync(string key, string? etag = null, CancellationToken ct = default)
    {
        StateResult result = await ChangeAsync(key, null, null, current => current is null ? StateOutcome.Missing : etag is null ? null : Expect(etag, current), ct);
        return result.Done ? new StateResult(StateOutcome.Done, null) : result;
    }

    /// <inheritdoc/>
    public void Dispose() => _sidecar.Dispose();

    private ValueTask<StateResult> WriteAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? ttl, Func<StateEntry?, StateOutcome?> refuse, CancellationToken ct)
    {
        StateLimits.CheckValue(value, ttl);
        return ChangeAsync(key, value.ToArray(), ttl, refuse, ct);
    }

    private async ValueTask<StateResult> ChangeAsync(string key, byte[]? value, TimeSpan? ttl, Func<StateEntry?, StateOutcome?> refuse, CancellationToken ct)
    {
        StateLimits.CheckKey(key);
        string why = "";
        // Of a write whose answer was lost nothing is known but this name of it.
        string? unanswered = null;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            Stored? stored = await ReadAsync(key, ct);
            if (unanswered is not null && stored?.Cell.Tag == unanswered) return new StateResult(StateOutcome.Done, unanswered);
            StateEntry? current = Live(stored);
            if (refuse(current) is { } refusal) return new StateResult(refusal, current?.ETag);
            var cell = new Cell(RandomNumberGenerator.GetHexString(32, lowercase: true), value, StateLimits.Expiry(ttl, _clock));
            SidecarAnswer answer = await _sidecar.SaveStateAsync(Text(key, cell, stored?.Tag), ct);
            if (answer.Succeeded) return new StateResult(StateOutcome.Done, cell.Tag);
            // 409, or 500 of some stores, says that another was first; no answer at all says nothing. Reading again tells.
            if (answer.Status is not (null or HttpStatusCode.Conflict or HttpStatusCode.InternalServerError)) throw new StateUnavailableException(key, answer.Why);
            why = answer.Why;
            unanswered = cell.Tag;
        }
        throw new StateUnavailableException(key, $"{Attempts} attempts failed, the last because: {why}");
    }

    private async Task<Stored?> ReadAsync(string key, CancellationToken ct)
    {
        SidecarAnswer answer = await _sidecar.GetStateAsync(key, ct);
        if (answer.Status == HttpStatusCode.NoContent) return null;
        if (!answer.Succeeded) throw new StateUnavailableException(key, answer.Why);
        try
        {
            return JsonSerializer.Deserialize(answer.Body, StateJson.Default.Cell) is { Tag.Length: > 0 } cell
                ? new Stored(cell, answer.ETag)
                : throw new StateUnavailableException(key, "what is stored is nothing of this platform");
        }
        catch (JsonException e)
        {
            throw new StateUnavailableException(key, $"what is stored is nothing of this platform: {e.Message}");
        }
    }

    private StateEntry? Live(Stored? stored) => stored is { Cell: { Value: { } value } cell } && !(cell.Until <= _clock.GetUtcNow().UtcTicks)
        ? new StateEntry(value, cell.Tag, cell.Until is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null)
        : null;

    private static byte[] Text(string key, Cell cell, string? tag) =>
        JsonSerializer.SerializeToUtf8Bytes([new SaveItem(key, cell, tag, new SaveOptions("first-write", "strong"))], StateJson.Default.SaveItemArray);

    private static StateOutcome? Expect(string etag, StateEntry? current) =>
        current is null ? StateOutcome.Missing : etag == current.ETag ? null : StateOutcome.Conflict;

    private sealed record Stored(Cell Cell, string? Tag);
}

/// <summary>A value as it is stored; without bytes it was taken away.</summary>
internal sealed record Cell([property: JsonPropertyName("tag")] string Tag, [property: JsonPropertyName("value")] byte[]? Value, [property: JsonPropertyName("until")] long? Until);

internal sealed record SaveItem(
    [property: JsonPropertyName("key")] string Key, [property: JsonPropertyName("value")] Cell Value, [property: JsonPropertyName("etag")] string? ETag,
    [property: JsonPropertyName("options")] SaveOptions Options);

internal sealed record SaveOptions([property: JsonPropertyName("concurrency")] string Concurrency, [property: JsonPropertyName("consistency")] string Consistency);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Cell))]
[JsonSerializable(typeof(SaveItem[]))]
internal sealed partial class StateJson : JsonSerializerContext;
