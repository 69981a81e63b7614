namespace OpenSslSessionCb.Mutants;

/// <summary>The list is not right, or the tests are not.</summary>
internal sealed class ListException(string message) : Exception(message);
