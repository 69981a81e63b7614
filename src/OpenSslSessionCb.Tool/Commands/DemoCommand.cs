using System.CommandLine;
using OpenSslSessionCb.Tool.Choices;
using OpenSslSessionCb.Tool.Demo;

namespace OpenSslSessionCb.Tool.Commands;

/// <summary>sesscb demo: its options.</summary>
internal static class DemoCommand
{
    internal static Command Create()
    {
        Option<string?> libssl = LibSslOption.Create();
        var command = new Command("demo", "Start two servers that share a store, and see sessions made in one resume in the other.")
        {
            libssl,
        };
        command.SetAction((parsed, _) => DemoRun.RunAsync(LibSslOption.Bind(parsed.GetValue(libssl))));
        return command;
    }
}
