using System.Reflection;

// dotnet run -c Release --project tests/Benchmarks -- AREA [arguments]: calls <Area>Bench.Run(arguments).
Dictionary<string, MethodInfo> areas = Assembly.GetExecutingAssembly().GetTypes()
    .Where(t => t.Name.EndsWith("Bench", StringComparison.Ordinal))
    .Select(t => (Name: t.Name[..^5].ToLowerInvariant(), Run: t.GetMethod("Run", [typeof(string[])])))
    .Where(a => a.Run is not null)
    .ToDictionary(a => a.Name, a => a.Run!);

if (args.Length == 0 || !areas.TryGetValue(args[0], out MethodInfo? run))
{
    Console.Error.WriteLine($"usage: Benchmarks {string.Join('|', areas.Keys.Order(StringComparer.Ordinal))} [arguments]");
    return 2;
}
run.Invoke(null, [args[1..]]);
return 0;
