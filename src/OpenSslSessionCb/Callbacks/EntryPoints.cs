namespace OpenSslSessionCb;

/// <summary>
/// What libssl is given to call. A native host may fork, and no function of .NET may run in the child: there, each is given
/// by way of a function in C that looks first.
/// </summary>
internal static class EntryPoints
{
    /// <summary>Set, if at all, before anything else is done.</summary>
    internal static Func<EntryPoint, nint, nint> Guard { get; set; } = static (_, function) => function;
}
