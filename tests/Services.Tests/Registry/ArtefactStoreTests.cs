using QuadTurbo.Registry.Models;
using QuadTurbo.Scoring;
using QuadTurbo.Trading.Models;

namespace QuadTurbo.Services.Tests.Registry;

public sealed class ArtefactStoreTests : IDisposable
{
    private readonly TemporaryRegistry _registry = new();

    public void Dispose() => _registry.Dispose();

    [Fact]
    public void What_is_stored_is_read_under_its_own_hash()
    {
        byte[] bytes = [1, 2, 3];

        string id = _registry.Artefacts.Put(bytes);

        Assert.Equal("sha256:039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81", id);
        Assert.True(_registry.Artefacts.Contains(id));
        Assert.Equal(bytes, _registry.Artefacts.Load(id));
        Assert.Equal([id[7..] + ".json"], new DirectoryInfo(Path.Combine(_registry.Folder, "artefacts")).GetFiles().Select(f => f.Name));
    }

    [Fact]
    public void Any_altered_byte_of_an_artefact_is_refused_with_file_and_both_hashes()
    {
        ModelPackage package = TemporaryRegistry.Package(1);
        string id = _registry.Artefacts.Put(package.Bytes), path = Path.Combine(_registry.Folder, ArtefactStore.RelativePath(id));
        byte[] bytes = File.ReadAllBytes(path);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            File.WriteAllBytes(path, bytes);

            var refused = Assert.Throws<RegistryRefusedException>(() => _registry.Artefacts.LoadPackage(id));

            Assert.Equal(
                (Refusal.Damaged, $"artefact damaged: {ArtefactStore.RelativePath(id)} is altered: its hash is {ModelPackage.IdOf(bytes)}, expected {id}"),
                (refused.Reason, refused.Message));
            bytes[i] ^= 1;
        }
        File.WriteAllBytes(path, bytes);
        Assert.Equal(package.Ref, _registry.Artefacts.LoadPackage(id).Ref);
    }

    [Fact]
    public void Damaged_bytes_are_mended_by_storing_the_right_ones_again()
    {
        ModelPackage package = TemporaryRegistry.Package(1);
        string id = _registry.Artefacts.Put(package.Bytes);
        File.WriteAllText(Path.Combine(_registry.Folder, ArtefactStore.RelativePath(id)), "cut");

        _registry.Artefacts.Put(package.Bytes);

        Assert.Equal(package.Ref, _registry.Artefacts.LoadPackage(id).Ref);
    }

    [Fact]
    public void Too_many_bytes_or_none_are_refused_and_leave_nothing()
    {
        var small = new ArtefactStore(_registry.Folder, mostBytes: 10);

        small.Put(new byte[10]);
        Assert.Equal(Refusal.Invalid, Assert.Throws<RegistryRefusedException>(() => small.Put(new byte[11])).Reason);
        Assert.Equal(Refusal.Invalid, Assert.Throws<RegistryRefusedException>(() => small.Put(Array.Empty<byte>())).Reason);

        Assert.Single(Directory.GetFiles(Path.Combine(_registry.Folder, "artefacts")));
        string large = _registry.Artefacts.Put(new byte[11]);
        Assert.Contains("at most 10", Assert.Throws<RegistryRefusedException>(() => small.Load(large)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha256:../../../../etc/passwd")]
    [InlineData("sha256:039058C6F2C0CB492C533B0A4D14EF77CC0F78ABCCCED5287D84A1A2011CFB81")]
    [InlineData("v42")]
    [InlineData("")]
    public void What_is_no_identity_reads_no_file(string id) =>
        Assert.Equal(Refusal.Invalid, Assert.Throws<RegistryRefusedException>(() => _registry.Artefacts.Load(id)).Reason);

    [Fact]
    public void An_artefact_that_is_gone_or_is_no_file_is_damage()
    {
        string id = ModelPackage.Baseline.Ref.Id, name = ArtefactStore.RelativePath(id), path = Path.Combine(_registry.Folder, name);

        Assert.Equal((Refusal.Damaged, $"artefact damaged: {name} is missing"), Refused());
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Pipe.Make(path);
        Assert.StartsWith($"artefact damaged: {name} is altered", Refused().Message, StringComparison.Ordinal);

        (Refusal Reason, string Message) Refused()
        {
            var refused = Assert.Throws<RegistryRefusedException>(() => _registry.Artefacts.Load(id));
            return (refused.Reason, refused.Message);
        }
    }

    [Fact]
    public void Bytes_that_the_disk_does_not_take_are_refused_without_a_path()
    {
        File.WriteAllText(Path.Combine(_registry.Folder, "artefacts"), "in the folder's place");

        var refused = Assert.Throws<RegistryRefusedException>(() => _registry.Artefacts.Put(new byte[] { 1 }));

        Assert.Equal(Refusal.NotKept, refused.Reason);
        Assert.DoesNotContain(_registry.Folder, refused.Message, StringComparison.Ordinal);
    }
}
