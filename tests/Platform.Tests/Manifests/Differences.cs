namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>Where the files differ from the code, or from each other.</summary>
internal sealed class Differences
{
    private readonly List<string> _found = [];

    /// <summary>Every difference; empty if there is none. The files have their shapes.</summary>
    public static IReadOnlyList<string> Of(ManifestSet files)
    {
        var differences = new Differences();
        ComponentAgreement.Check(files, differences);
        BrokerAgreement.Check(files, differences);
        RunAgreement.Check(files, differences);
        StoreAgreement.Check(files, differences);
        return differences._found;
    }

    /// <summary>Notes what is on one side only, or twice in the file.</summary>
    public void Same(string path, string what, IEnumerable<string> code, IEnumerable<string> file)
    {
        string[] expected = [.. code], found = [.. file];
        foreach (string missing in expected.Except(found)) _found.Add($"{path}: {what} lacks {missing}");
        foreach (string extra in found.Except(expected)) _found.Add($"{path}: {what} has {extra} too");
        foreach (IGrouping<string, string> twice in found.GroupBy(f => f).Where(g => g.Count() > 1))
            _found.Add($"{path}: {what} has {twice.Key} {twice.Count()} times");
    }

    /// <summary>Notes <paramref name="otherwise"/> unless it holds.</summary>
    public void Demand(bool holds, string path, string otherwise)
    {
        if (!holds) _found.Add($"{path}: {otherwise}");
    }
}
