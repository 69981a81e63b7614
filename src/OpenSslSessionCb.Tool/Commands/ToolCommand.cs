using System.CommandLine;
using System.CommandLine.Parsing;
using OpenSslSessionCb.Setup;

namespace OpenSslSessionCb.Tool.Commands;

/// <summary>The command sesscb: runs one of its commands, and turns what goes wrong into one sentence and an exit code.</summary>
internal static class ToolCommand
{
    internal static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            ParseResult parsed = Create().Parse(arguments);
            if (parsed.Errors.Count > 0)
            {
                throw ToolException.ForUsage($"{Sentence(parsed.Errors[0])} Run '{CommandLineOf(parsed)} --help' to see what there is.");
            }

            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration);
        }
        catch (SetupException exception)
        {
            return Fail(exception.Message, ToolException.Usage);
        }
        catch (ToolException exception)
        {
            return Fail(exception.Message, exception.ExitCode);
        }
        catch (Exception exception) when (exception is OpenSslNotSupportedException or OpenSslException or SessionKeyRingException
            or SessionStoreException or IOException or UnauthorizedAccessException)
        {
            return Fail(exception.Message, ToolException.RunTime);
        }
        catch (Exception exception)
        {
            return Fail($"unexpected {exception.GetType().Name}: {exception.Message}", ToolException.RunTime);
        }
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("OpenSSL session callbacks for .NET: a TLS server, a start for servers that know nothing of it, "
            + "a check of any servers, and a demonstration.")
        {
            ServeCommand.Create(),
            RunCommand.Create(),
            CheckCommand.Create(),
            DemoCommand.Create(),
        };
        root.SetAction(static int (_) => throw ToolException.ForUsage("No command was given. Run 'sesscb --help' to see what there is."));
        return root;
    }

    private static string CommandLineOf(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "sesscb" : $"sesscb {parsed.CommandResult.Command.Name}";

    private static string Sentence(ParseError error) => error.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ') + ".";

    private static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine($"sesscb: {message.ReplaceLineEndings(" ").Trim()}");
        return exitCode;
    }
}
