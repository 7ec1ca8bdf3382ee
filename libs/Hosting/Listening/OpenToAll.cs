namespace QuadTurbo.Hosting.Listening;

/// <summary>Marks an endpoint that takes a body and changes nothing: it needs no key and counts as no command. Any other request but GET, HEAD and OPTIONS needs one.</summary>
public sealed class OpenToAll;
