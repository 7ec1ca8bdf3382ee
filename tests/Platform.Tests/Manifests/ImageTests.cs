using QuadTurbo.Platform.Tests.Architecture;

namespace QuadTurbo.Platform.Tests.Manifests;

/// <summary>What can be said of the image without building it.</summary>
public sealed class ImageTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Sources.Root, "Dockerfile"));

    private static readonly string[] LastStage = Lines[Array.FindLastIndex(Lines, l => l.StartsWith("FROM ", StringComparison.Ordinal))..];

    [Fact]
    public void One_service_is_named_when_the_image_is_built_and_started_by_that_name()
    {
        Assert.Contains("ARG SERVICE", LastStage);
        Assert.Contains(LastStage, l => l.StartsWith("ENV SERVICE=$SERVICE", StringComparison.Ordinal));
        Assert.Contains("quadturbo.dll service \\\"$SERVICE\\\"", LastStage.Single(l => l.StartsWith("ENTRYPOINT ", StringComparison.Ordinal)));
    }

    [Fact]
    public void It_runs_as_nobody_special_and_writes_to_its_volume_only()
    {
        Assert.Equal("USER $APP_UID", LastStage.Last(l => l.StartsWith("USER ", StringComparison.Ordinal)));
        Assert.Contains("VOLUME /data", LastStage);
        Assert.Contains(LastStage, l => l.Contains("QUADTURBO_DATA_DIR=/data", StringComparison.Ordinal));
        Assert.DoesNotContain(Lines, l => l.StartsWith("HEALTHCHECK", StringComparison.Ordinal));
    }

    [Fact]
    public void It_takes_what_it_is_built_of_from_the_repository_and_nothing_else()
    {
        string[] copied = [.. Lines.Where(l => l.StartsWith("COPY ", StringComparison.Ordinal) && !l.Contains("--from", StringComparison.Ordinal))
            .SelectMany(l => l.Split(' ')[1..^1])];
        string[] let = [.. File.ReadAllLines(Path.Combine(Sources.Root, ".dockerignore")).Where(l => l.StartsWith('!')).Select(l => l[1..])];

        Assert.Equal(let.Order(StringComparer.Ordinal), copied.Order(StringComparer.Ordinal));
        Assert.All(copied, file => Assert.True(Path.Exists(Path.Combine(Sources.Root, file)), $"{file} is not there"));
    }
}
