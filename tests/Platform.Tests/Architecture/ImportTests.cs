using System.Xml.Linq;

namespace QuadTurbo.Platform.Tests.Architecture;

/// <summary>Who may import whom.</summary>
public sealed class ImportTests
{
    [Theory]
    [InlineData("Trading", new string[0])]
    [InlineData("Learning", new string[0])]
    [InlineData("Scoring", new[] { "Learning", "Trading" })]
    [InlineData("Hosting", new[] { "Trading" })]
    public void A_library_imports_exactly_what_the_table_allows(string library, string[] allowed) =>
        Assert.Equal(allowed, Sources.ImportsOf(library).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_library_is_in_the_table() =>
        Assert.Equal(["Hosting", "Learning", "Scoring", "Trading"], Sources.NamesIn("libs").Order(StringComparer.Ordinal));

    [Fact]
    public void The_domain_needs_the_base_class_library_only() =>
        Assert.DoesNotContain(Sources.Projects["Trading"].Descendants(), e => e.Name.LocalName is "PackageReference" or "FrameworkReference");

    [Fact]
    public void The_mathematics_need_distribution_functions_and_protobuf_and_nothing_else()
    {
        IEnumerable<string?> packages = Sources.Projects["Learning"].Descendants()
            .Where(e => e.Name.LocalName is "PackageReference" or "FrameworkReference").Select(e => e.Attribute("Include")?.Value);
        Assert.Equal(["Google.Protobuf", "Grpc.Tools", "MathNet.Numerics"], packages.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_service_imports_libraries_and_no_service()
    {
        IReadOnlySet<string> libraries = Sources.NamesIn("libs");
        foreach (string service in Sources.NamesIn("services").Where(s => s != "Platform"))
            Assert.True(Sources.ImportsOf(service).IsSubsetOf(libraries), $"{service} imports {string.Join(", ", Sources.ImportsOf(service).Except(libraries))}");
    }

    [Fact]
    public void The_platform_imports_every_service_and_nothing_beside_services_and_libraries()
    {
        IReadOnlySet<string> imports = Sources.ImportsOf("Platform"), libraries = Sources.NamesIn("libs");
        HashSet<string> services = [.. Sources.NamesIn("services").Where(s => s != "Platform")];

        Assert.Empty(services.Except(imports));
        Assert.Empty(imports.Except(services).Except(libraries));
    }

    [Fact]
    public void Nothing_but_tests_imports_the_platform_or_a_test()
    {
        IReadOnlySet<string> tests = Sources.NamesIn("tests");
        foreach (string project in Sources.NamesIn("libs").Concat(Sources.NamesIn("services")))
            Assert.DoesNotContain(Sources.ImportsOf(project), import => import == "Platform" || tests.Contains(import));
    }

    [Fact]
    public void Versions_of_packages_stand_in_one_place()
    {
        foreach ((string name, XDocument project) in Sources.Projects)
        {
            foreach (XElement package in project.Descendants("PackageReference"))
            {
                Assert.True(package.Attribute("Version") is null && package.Attribute("VersionOverride") is null && package.Element("Version") is null,
                    $"{name} gives {package.Attribute("Include")?.Value} a version of its own");
            }
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_has_a_lock_file()
    {
        string solution = File.ReadAllText(Path.Combine(Sources.Root, "Platform.sln"));
        foreach (string folder in new[] { "libs", "services", "tests" })
        {
            foreach (string name in Sources.NamesIn(folder))
            {
                Assert.Contains($"{name}.csproj", solution, StringComparison.Ordinal);
                Assert.True(File.Exists(Path.Combine(Sources.Root, folder, name, "packages.lock.json")), $"{folder}/{name} has no packages.lock.json");
            }
        }
    }
}
