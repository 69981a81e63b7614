namespace OpenSslSessionCb.House;

/// <summary>A type uses another one of the same assembly, in a signature, a field or a body. Nested types are their outermost.</summary>
public sealed record Use(string From, string To);
