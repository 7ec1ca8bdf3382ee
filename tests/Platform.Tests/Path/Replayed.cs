using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using QuadTurbo.Auditor.Audit;
using QuadTurbo.Auditor.Ledger;
using QuadTurbo.Auditor.Records;
using QuadTurbo.Hosting.Settings;
using QuadTurbo.Hosting.Transport;
using QuadTurbo.Platform.Commands;
using QuadTurbo.Platform.Tests.Architecture;
using QuadTurbo.Trading.Opportunities;
using QuadTurbo.Trading.Outcomes;
using Xunit.Abstractions;

namespace QuadTurbo.Platform.Tests.Paths;

/// <summary>A market that went through all four lanes in lockstep, with its report and its ledger; the folder goes with it.</summary>
internal sealed class Replayed : IDisposable
{
    private readonly DirectoryInfo _folder;

    private Replayed(DirectoryInfo folder, JsonObject report) => (_folder, Report) = (folder, report);

    /// <summary>The report as <c>replay</c> gives it.</summary>
    public JsonObject Report { get; }

    /// <summary>Where the ledger is.</summary>
    public string DataDirectory => _folder.FullName;

    /// <summary>Hash of every decision.</summary>
    public string DecisionHash => (string)Report["decision_hash"]!;

    /// <summary>SHA-256 over kind and payload of every ledger record.</summary>
    /// <remarks>Not the ledger's head: that covers how records were grouped into commits, which is a matter of timing.</remarks>
    public string LedgerContent
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (LedgerEntry entry in LedgerReader.Open(DataDirectory).Read())
            {
                hash.AppendData(BitConverter.GetBytes(entry.Kind));
                hash.AppendData(BitConverter.GetBytes(entry.Payload.Length));
                hash.AppendData(entry.Payload.Span);
            }
            return Convert.ToHexStringLower(hash.GetCurrentHash());
        }
    }

    /// <summary>The decisions of the ledger, with what they owe.</summary>
    public IEnumerable<DecisionRecord> Decisions => DecisionsIn(DataDirectory);

    /// <summary>The outcomes of the ledger in a form that compares by value.</summary>
    public IReadOnlyDictionary<(OpportunityId Id, Lane Lane), string> Outcomes => OutcomesIn(DataDirectory);

    /// <summary>What the ledger's bytes are.</summary>
    public LedgerVerification Verification => LedgerVerifier.Verify(DataDirectory);

    /// <summary>The decisions of a ledger, with what they owe.</summary>
    public static IEnumerable<DecisionRecord> DecisionsIn(string dataDirectory) => LedgerFold.Events(dataDirectory).Select(e => e.Event).OfType<DecisionRecord>();

    /// <summary>Replays recorded files or folders.</summary>
    public static Task<Replayed> OfAsync(string path, string? preset, params string[] set) =>
        RunAsync(SettingsOf(preset, set, path), preset);

    /// <summary>Replays a synthetic market that begins at a fixed instant.</summary>
    public static Task<Replayed> OfSyntheticAsync(params string[] set) => RunAsync(SettingsOf(null, set), null);

    /// <summary>The effective settings of a test run: the process's environment has its say, as in the product.</summary>
    public static PlatformSettings SettingsOf(string? preset, IEnumerable<string> set, params string[] paths) =>
        SharedOptions.Load(TheHouse.Services, preset, null, set, [("feed.paths", paths.Length == 0 ? null : JsonSerializer.Serialize(paths))]);

    /// <summary>The first instant of a synthetic market in tests.</summary>
    public static DateTime Start { get; } = new(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The shared recording of that name; null, with a message, where it is not.</summary>
    public static string? Shared(string name, ITestOutputHelper? output = null)
    {
        string path = Path.GetFullPath(Path.Combine(Sources.Root, "..", "shared", "data", name));
        if (Directory.Exists(path)) return path;
        output?.WriteLine($"not shown: the recording {name} is not beside this repository");
        return null;
    }

    /// <summary>Every outcome of a ledger, each with what filled, where, when and at what price.</summary>
    public static IReadOnlyDictionary<(OpportunityId Id, Lane Lane), string> OutcomesIn(string dataDirectory) =>
        LedgerFold.Events(dataDirectory).Select(e => e.Event).OfType<OutcomeRecord>()
            .ToDictionary(o => (o.Id, o.Lane), o => $"{o.Missed} {o.At:O} {(o.Trade is { } t ? $"{t.Side} {Words(t.Entry)} {Words(t.Exit)} {t.Reason}" : "")}");

    /// <summary>A number of the report by its path, for example <c>lanes.shadow.processed</c>.</summary>
    public T Get<T>(string path)
    {
        JsonNode node = Report;
        foreach (string name in path.Split('/')) node = node[name] ?? throw new KeyNotFoundException($"the report has no {path}");
        return node.GetValue<T>();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Words(in Fill fill) => $"{fill.Instrument} {fill.Quantity} {fill.Observed} {fill.Quoted} {fill.Price} {fill.FeeRate} {fill.At:O}";

    private static async Task<Replayed> RunAsync(PlatformSettings settings, string? preset)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("replayed");
        try
        {
            var plan = new PlatformRunPlan
            {
                Schedule = Schedule.Lockstep,
                DataDirectory = folder.FullName,
                Settings = settings,
                Preset = preset,
                SyntheticStart = Start,
            };
            return new Replayed(folder, await ReplayCommand.ReplayAsync(plan, TheHouse.Services, CancellationToken.None));
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }
}
