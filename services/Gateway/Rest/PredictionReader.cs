using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using QuadTurbo.Hosting.Listening;
using QuadTurbo.Trading.Predictions;
using static QuadTurbo.Gateway.Rest.PredictionFields;

namespace QuadTurbo.Gateway.Rest;

/// <summary>Reads a request for predictions (SERV-02) straight into a batch; allocates nothing for a request that is in order.</summary>
/// <remarks>Route ids stay in the body and are pointed at. The first thing that is not in order refuses the request whole.</remarks>
internal ref struct PredictionReader
{
    private const int MostShown = 64;
    private readonly PredictionBatch _batch;
    private readonly bool _single;
    private Utf8JsonReader _json;
    private int _row, _element;
    private string _field;

    private PredictionReader(ReadOnlySpan<byte> body, PredictionBatch batch, bool single)
    {
        _batch = batch;
        _single = single;
        _json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Limits.JsonDepth });
        (_row, _element, _field) = (-1, -1, "");
    }

    /// <summary>Reads the body of <c>POST /predict/batch</c>.</summary>
    /// <exception cref="RequestRefusedException">Something is not in order.</exception>
    public static void ReadBatch(ReadOnlySpan<byte> body, PredictionBatch batch) => Read(body, batch, single: false);

    /// <summary>Reads the body of <c>POST /predict/single</c>: one opportunity, with <c>threshold</c> and <c>use_gpu</c> beside its fields.</summary>
    /// <exception cref="RequestRefusedException">Something is not in order.</exception>
    public static void ReadSingle(ReadOnlySpan<byte> body, PredictionBatch batch) => Read(body, batch, single: true);

    private static void Read(ReadOnlySpan<byte> body, PredictionBatch batch, bool single)
    {
        if (!Utf8.IsValid(body)) throw new RequestRefusedException("", "not UTF-8", "UTF-8");
        var reader = new PredictionReader(body, batch, single);
        try
        {
            reader._json.Read();
            if (single) reader.Opportunity(ref batch.Add());
            else reader.Batch();
            // Past the end: throws if anything but white space follows.
            reader._json.Read();
        }
        catch (JsonException e)
        {
            throw new RequestRefusedException(reader.Path(), "not JSON as it is read here", $"well-formed JSON, at most {Limits.JsonDepth} deep ({e.Message})");
        }
        catch (InvalidOperationException)
        {
            throw new RequestRefusedException(reader.Path(), "an escape of half a character", "whole characters");
        }
    }

    private void Batch()
    {
        Expect(JsonTokenType.StartObject, "an object");
        uint seen = 0;
        const uint opportunities = 1u << RouteId;
        while (Next() != JsonTokenType.EndObject)
        {
            int field = _json.ValueTextEquals("opportunities"u8) ? RouteId : IndexOf(_json.ValueSpan);
            if (field is not (RouteId or Threshold or UseGpu) || (field == RouteId && !_json.ValueTextEquals("opportunities"u8))) RefuseUnknown();
            _field = field == RouteId ? "opportunities" : Names[field];
            Once(ref seen, field);
            Next();
            if (field == RouteId) Opportunities();
            else Option(field);
            _field = "";
        }
        if ((seen & opportunities) == 0) throw new RequestRefusedException("opportunities", "missing", $"a list of 1 to {MostOpportunities} opportunities");
    }

    private void Opportunities()
    {
        Expect(JsonTokenType.StartArray, $"a list of 1 to {MostOpportunities} opportunities");
        while (Next() != JsonTokenType.EndArray)
        {
            if (_batch.Count == MostOpportunities)
                throw new RequestRefusedException("opportunities", $"a list of {MostOpportunities + 1} or more", $"a list of 1 to {MostOpportunities} opportunities");
            _row = _batch.Count;
            Opportunity(ref _batch.Add());
            _row = -1;
            _field = "opportunities";
        }
        if (_batch.Count == 0) throw new RequestRefusedException("opportunities", "empty", $"a list of 1 to {MostOpportunities} opportunities");
    }

    private void Opportunity(ref PredictionInput input)
    {
        _field = "";
        Expect(JsonTokenType.StartObject, "an object");
        input.Timestamp = double.NaN;
        uint seen = 0;
        while (Next() != JsonTokenType.EndObject)
        {
            int field = _json.ValueIsEscaped ? -1 : IndexOf(_json.ValueSpan);
            if (field < 0 || (!_single && field >= Threshold)) RefuseUnknown();
            _field = Names[field];
            Once(ref seen, field);
            Next();
            if (field >= Threshold) Option(field);
            else Value(ref input, field);
            _field = "";
        }
        if ((seen & Required) == Required) return;
        _field = Names[System.Numerics.BitOperations.TrailingZeroCount(~seen & Required)];
        throw new RequestRefusedException(Path(), "missing", "given");
    }

    private void Value(ref PredictionInput input, int field)
    {
        switch (field)
        {
            case RouteId: Route(ref input); break;
            case Tokens: TokenList(ref input); break;
            case Dexes: DexList(); break;
            case InputAmount: input.InputAmount = Number(LeastInput, MostAmount, "a number from 1e-18 to 1e18"); break;
            case ExpectedOutput: input.ExpectedOutput = Number(0, MostAmount, "a number from 0 to 1e18"); break;
            case GasEstimate: input.Gas = WholeNumber(); break;
            case ProfitUsd: input.ProfitUsd = Number(-MostProfit, MostProfit, "a number from -1e15 to 1e15"); break;
            case ConfidenceScore: input.Confidence = Number(0, 1, "a number from 0 to 1"); break;
            case ChainName: input.Chain = ChainOf(); break;
            default: input.Timestamp = Number(0, LastSecond, "Unix seconds from 0 to 4102444799"); break;
        }
    }

    private void Option(int field)
    {
        if (field == Threshold)
        {
            _batch.Threshold = Number(0, 1, "a number from 0 to 1");
            return;
        }
        if (_json.TokenType is not (JsonTokenType.True or JsonTokenType.False)) Refuse("true or false");
        _batch.UseGpu = _json.TokenType == JsonTokenType.True;
    }

    private void Route(ref PredictionInput input)
    {
        const string limit = "a text of 1 to 256 bytes";
        Expect(JsonTokenType.String, limit);
        if (_json.ValueSpan.Length is 0 or > MostRouteIdBytes) Refuse(limit);
        if (_json.ValueIsEscaped)
        {
            // Only to see that every escape is a character; what is kept is the text as it was written.
            Span<byte> characters = stackalloc byte[MostRouteIdBytes];
            _json.CopyString(characters);
        }
        (input.RouteIdStart, input.RouteIdLength) = ((int)_json.TokenStartIndex + 1, _json.ValueSpan.Length);
    }

    private void TokenList(ref PredictionInput input)
    {
        Span<byte> first = stackalloc byte[MostNameBytes], name = stackalloc byte[MostNameBytes];
        const string limit = "a list of 2 to 16 tokens";
        Expect(JsonTokenType.StartArray, limit);
        int count = 0, firstLength = 0, length = 0;
        while (Next() != JsonTokenType.EndArray)
        {
            _element = count;
            length = Name(name);
            if (count == 0) name[..(firstLength = length)].CopyTo(first);
            if (++count > MostTokens) break;
        }
        _element = -1;
        if (count is < LeastTokens or > MostTokens) throw new RequestRefusedException(Path(), $"a list of {(count > MostTokens ? "17 or more" : count)}", limit);
        input.Shape = ShapeOf(first[..firstLength], name[..length]);
    }

    private void DexList()
    {
        Span<byte> name = stackalloc byte[MostNameBytes];
        const string limit = "a list of 1 to 16 exchanges";
        Expect(JsonTokenType.StartArray, limit);
        int count = 0;
        while (Next() != JsonTokenType.EndArray)
        {
            _element = count;
            Name(name);
            if (++count > MostDexes) break;
        }
        _element = -1;
        if (count is 0 or > MostDexes) throw new RequestRefusedException(Path(), $"a list of {(count > MostDexes ? "17 or more" : count)}", limit);
    }

    private int Name(scoped Span<byte> name)
    {
        const string limit = "a text of 1 to 64 bytes";
        Expect(JsonTokenType.String, limit);
        ReadOnlySpan<byte> written = _json.ValueSpan;
        if (!_json.ValueIsEscaped)
        {
            if (written.Length is 0 or > MostNameBytes) Refuse(limit);
            written.CopyTo(name);
            return written.Length;
        }
        // An escape has at most six bytes for one.
        Span<byte> characters = stackalloc byte[6 * MostNameBytes];
        if (written.Length > characters.Length) Refuse(limit);
        int length = _json.CopyString(characters);
        if (length is 0 or > MostNameBytes) Refuse(limit);
        characters[..length].CopyTo(name);
        return length;
    }

    private Chain ChainOf()
    {
        if (_json.TokenType != JsonTokenType.String || !TryChain(_json.ValueSpan, out Chain chain)) Refuse($"one of {Chains}");
        else return chain;
        return default;
    }

    private double Number(double least, double most, string limit)
    {
        double number = 0;
        if (_json.TokenType != JsonTokenType.Number || !_json.TryGetDouble(out number) || !(number >= least && number <= most)) Refuse(limit);
        return number;
    }

    private long WholeNumber()
    {
        const string limit = "a whole number from 0 to 1000000000";
        if (_json.TokenType != JsonTokenType.Number) Refuse(limit);
        // 350000.0 is a whole number too.
        if (!_json.TryGetInt64(out long number))
            number = _json.TryGetDouble(out double real) && real is >= 0 and <= MostGas && real == Math.Floor(real) ? (long)real : -1;
        if (number is < 0 or > MostGas) Refuse(limit);
        return number;
    }

    private JsonTokenType Next()
    {
        _json.Read();
        return _json.TokenType;
    }

    private void Expect(JsonTokenType type, string limit)
    {
        if (_json.TokenType != type) Refuse(limit);
    }

    private void Once(ref uint seen, int field)
    {
        if ((seen & 1u << field) != 0) throw new RequestRefusedException(Path(), "given twice", "given once");
        seen |= 1u << field;
    }

    private void RefuseUnknown()
    {
        _field = Shown(_json.ValueSpan);
        string path = Path();
        _json.Skip();
        string known = _single ? string.Join(", ", Names) : _row < 0 ? "opportunities, threshold, use_gpu" : string.Join(", ", Names[..Threshold]);
        throw new RequestRefusedException(path, "not a field of this request", $"one of {known}");
    }

    private readonly void Refuse(string limit) => throw new RequestRefusedException(Path(), Token(), limit);

    private readonly string Path()
    {
        if (_row < 0) return _element < 0 ? _field : $"{_field}[{_element}]";
        string member = _field.Length == 0 ? "" : $".{_field}";
        return $"opportunities[{_row}]{member}{(_element < 0 ? "" : $"[{_element}]")}";
    }

    private readonly string Token() => _json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.EndArray or JsonTokenType.EndObject or JsonTokenType.None => "missing",
        JsonTokenType.String => $"'{Shown(_json.ValueSpan)}'",
        _ => Shown(_json.ValueSpan),
    };

    private static string Shown(ReadOnlySpan<byte> text) =>
        text.Length <= MostShown ? Encoding.UTF8.GetString(text) : $"{Encoding.UTF8.GetString(text[..MostShown])}... ({text.Length} bytes)";
}
