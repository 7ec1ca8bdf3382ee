namespace QuadTurbo.Benchmarks;

/// <summary>A folder for what a peer reads, deleted in the end.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("benchmark").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
