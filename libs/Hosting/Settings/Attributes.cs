namespace QuadTurbo.Hosting.Settings;

/// <summary>Names the section of the settings that an options type is bound to, such as <c>gates</c> or <c>gates.metaLabel</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SettingsSectionAttribute(string path) : Attribute
{
    /// <summary>The section, dotted; empty for the root.</summary>
    public string Path { get; } = path;
}

/// <summary>Marks a setting whose value is shown to nobody: explanations and errors mask it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
