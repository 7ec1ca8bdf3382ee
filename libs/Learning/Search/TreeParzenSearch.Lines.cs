using System.Buffers;
using System.Text;
using System.Text.Json;

namespace QuadTurbo.Learning.Search;

public sealed partial class TreeParzenSearch
{
    /// <summary>All that it knows, as lines of JSON: space and options first, then a line for each trial.</summary>
    /// <remarks>
    /// {search {seed, startup, draws, joint, folds, prune_after, prune_startup, deviation_cost, first [[]]},
    /// space [{name, kind, low, high, log, choices}]}
    /// and {trial, point [], folds [], pruned, value}. Numbers are written so that they read back bit for bit.
    /// </remarks>
    public IEnumerable<string> Lines() => [Header(), .. _trials.Select(Line)];

    /// <summary>A search that goes on where <paramref name="lines"/> end.</summary>
    /// <remarks>
    /// A last line that is no JSON was cut short while it was written, and is left out: its trial is run again. Write the file anew from
    /// <see cref="Lines"/> before appending to it.
    /// </remarks>
    /// <exception cref="InvalidDataException">The lines are of another space or other options, or damaged before the last.</exception>
    public static TreeParzenSearch Resume(SearchSpace space, SearchOptions? options, IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var search = new TreeParzenSearch(space, options);
        string[] all = [.. lines.Where(l => l.Length > 0)];
        if (all.Length == 0) return search;
        if (all[0] != search.Header()) throw new InvalidDataException("the lines are of a search with another space or other options");
        for (int i = 1; i < all.Length; i++)
        {
            try
            {
                using var line = JsonDocument.Parse(all[i]);
                search.Read(line.RootElement);
            }
            catch (JsonException) when (i == all.Length - 1)
            {
                break;
            }
            catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or KeyNotFoundException or FormatException)
            {
                throw new InvalidDataException($"line {i + 1} is not trial {i - 1}: {e.Message}", e);
            }
        }
        return search;
    }

    private void Read(JsonElement line)
    {
        int number = line.GetProperty("trial").GetInt32();
        if (number != _trials.Count) throw new ArgumentException($"it is trial {number}");
        double[] point = [.. line.GetProperty("point").EnumerateArray().Select(v => v.GetDouble())];
        Space.Check(point);
        List<double> folds = [.. line.GetProperty("folds").EnumerateArray().Select(v => v.GetDouble())];
        bool pruned = line.GetProperty("pruned").GetBoolean();
        if (folds.Count < 1 || folds.Count > Options.Folds || pruned != folds.Count < Options.Folds)
            throw new ArgumentException($"{folds.Count} of {Options.Folds} folds, pruned: {pruned}");
        Add(point, folds, pruned);
    }

    private string Header() => Json(json =>
    {
        json.WriteStartObject("search");
        json.WriteNumber("seed", Options.Seed);
        json.WriteNumber("startup", Options.Startup);
        json.WriteNumber("draws", Options.Draws);
        json.WriteNumber("joint", Options.Joint);
        json.WriteNumber("folds", Options.Folds);
        json.WriteNumber("prune_after", Options.PruneAfter);
        json.WriteNumber("prune_startup", Options.PruneStartup);
        json.WriteNumber("deviation_cost", Options.DeviationCost);
        json.WriteStartArray("first");
        foreach (IReadOnlyList<double> point in Options.First) WriteNumbers(json, point);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("space");
        foreach (Parameter parameter in Space)
        {
            json.WriteStartObject();
            json.WriteString("name", parameter.Name);
            json.WriteString("kind", $"{parameter.Kind}");
            json.WriteNumber("low", parameter.Low);
            json.WriteNumber("high", parameter.High);
            json.WriteBoolean("log", parameter.Log);
            json.WriteStartArray("choices");
            foreach (string choice in parameter.Choices) json.WriteStringValue(choice);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static string Line(Trial trial) => Json(json =>
    {
        json.WriteNumber("trial", trial.Number);
        json.WritePropertyName("point");
        WriteNumbers(json, trial.Point);
        json.WritePropertyName("folds");
        WriteNumbers(json, trial.Folds);
        json.WriteBoolean("pruned", trial.Pruned);
        json.WriteNumber("value", trial.Value);
    });

    private static void WriteNumbers(Utf8JsonWriter json, IReadOnlyList<double> numbers)
    {
        json.WriteStartArray();
        foreach (double number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
