using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using static QuadTurbo.Platform.Tests.Commands.QuadTurboProcess;

namespace QuadTurbo.Platform.Tests.Commands;

public sealed class DoctorTests : IDisposable
{
    private readonly Workplace _place = new();

    [Fact]
    public async Task A_fresh_machine_has_no_problem()
    {
        (Answer answer, JsonArray findings) = await AskAsync("--data-dir", _place.At("new"), "--urls", $"http://127.0.0.1:{FreePort()}");

        Assert.True(answer.Code == 0, answer.Output);
        Assert.DoesNotContain(findings, f => f!["severity"]!.GetValue<string>() == "problem");
        Assert.Equal(["dotnet", "port", "clock", "memory", "sqlite", "disk", "data_dir", "settings", "run"], findings.Select(f => f!["code"]!.GetValue<string>()));
        Assert.False(Directory.Exists(_place.At("new")));
    }

    [Fact]
    public async Task A_taken_port_a_file_for_a_directory_and_a_wrong_setting_are_problems_with_a_fix()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        (Answer answer, JsonArray findings) = await AskAsync(
            "--data-dir", Path.Combine(_place.Recording, "below"), "--urls", $"http://{taken.LocalEndpoint}", "--set", "preValidator.minScore=2");

        Assert.Equal(1, answer.Code);
        Assert.Equal(["port", "data_dir", "settings"], Codes(findings, "problem"));
        Assert.All(findings.Where(f => f!["severity"]!.GetValue<string>() == "problem"), f => Assert.NotNull(f!["fix"]));
        Assert.Contains("preValidator.minScore", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Training_that_has_too_few_labels_is_advised_on()
    {
        string directory = await _place.ReplayAsync("run");

        (Answer answer, JsonArray findings) = await AskAsync(
            "--data-dir", directory, "--urls", $"http://127.0.0.1:{FreePort()}", "--set", "triggers.interval=100000");

        Assert.Equal(0, answer.Code);
        Assert.Contains("training", Codes(findings, "warning"));
        Assert.Contains("lower triggers.interval", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_ledger_is_a_problem()
    {
        string directory = await _place.ReplayAsync("run");
        string segment = Directory.GetFiles(Path.Combine(directory, "ledger"))[0];
        byte[] bytes = await File.ReadAllBytesAsync(segment);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes);

        (Answer answer, JsonArray findings) = await AskAsync("--data-dir", directory, "--urls", $"http://127.0.0.1:{FreePort()}");

        Assert.Equal(1, answer.Code);
        Assert.Equal(["ledger"], Codes(findings, "problem"));
    }

    [Theory]
    [InlineData("whole", "fine", "not damaged")]
    [InlineData("absent", "fine", "made again from the ledger")]
    [InlineData("damaged", "problem", "damaged")]
    [InlineData("newer", "problem", "schema of version 999")]
    public async Task The_tables_are_looked_at_and_may_be_absent(string state, string severity, string told)
    {
        string directory = await _place.ReplayAsync("run"), tables = Path.Combine(directory, "projections.db");
        if (state == "absent") File.Delete(tables);
        if (state is "damaged" or "newer")
        {
            byte[] bytes = await File.ReadAllBytesAsync(tables);
            // The header's user version is at byte 60; page 2 begins at 4096.
            if (state == "newer") BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(60), 999);
            else bytes.AsSpan(4096, 512).Fill(0xff);
            await File.WriteAllBytesAsync(tables, bytes);
        }

        (Answer answer, JsonArray findings) = await AskAsync("--data-dir", directory, "--urls", $"http://127.0.0.1:{FreePort()}");

        JsonNode found = Assert.Single(findings, f => (string)f!["code"]! == "tables")!;
        Assert.Equal((severity, severity == "problem" ? 1 : 0), ((string)found["severity"]!, answer.Code));
        Assert.Contains(told, (string)found["cause"]!, StringComparison.Ordinal);
    }

    public void Dispose() => _place.Dispose();

    private async Task<(Answer Answer, JsonArray Findings)> AskAsync(params string[] arguments)
    {
        Answer answer = await RunAsync(["doctor", "--json", _place.At("doctor.json"), .. arguments]);
        return (answer, _place.Json("doctor.json")["findings"]!.AsArray());
    }

    private static IEnumerable<string> Codes(JsonArray findings, string severity) =>
        findings.Where(f => f!["severity"]!.GetValue<string>() == severity).Select(f => f!["code"]!.GetValue<string>());
}
