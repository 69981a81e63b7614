using System.Reflection;

namespace OpenSslSessionCb.Hosts.Tests.Support;

/// <summary>Where sesscb is: what was built with these tests, or what SESSCB_PATH names.</summary>
internal static class SesscbTool
{
    private static string Path { get; } = System.IO.Path.GetFullPath(
        Environment.GetEnvironmentVariable("SESSCB_PATH") is { Length: > 0 } given ? given : Built());

    private static bool IsAssembly => Path.EndsWith(".dll", StringComparison.Ordinal);

    internal static string Program => IsAssembly ? "dotnet" : Path;

    internal static IEnumerable<string> Arguments(params IEnumerable<string> arguments) => IsAssembly ? [Path, .. arguments] : arguments;

    /// <summary>Runs it to its end.</summary>
    internal static Task<ProcessResult> RunAsync(params IEnumerable<string> arguments) =>
        ChildProcess.RunAsync(Program, Arguments(arguments));

    private static string Built() => typeof(SesscbTool).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => attribute.Key == "ToolPath")
        .Value!;
}
