namespace QuadTurbo.Services.Tests;

/// <summary>Tests that nothing else may run beside.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
