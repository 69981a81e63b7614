#:property PublishAot=false
#:property ImplicitUsings=enable
#:property NoWarn=$(NoWarn);CA1303;CA1305;CA1852;CA1861;CA2007

// Regenerates ../Generated from the .rsp files beside this file, and fails when that is not what is committed.
//
//   dotnet run interop/generation/Generate.cs              check
//   dotnet run interop/generation/Generate.cs -- --write   replace
//
// CLANGSHARP_PINVOKE_GENERATOR  the generator; otherwise the one on PATH, or the one that .config/dotnet-tools.json pins
// OPENSSL_INCLUDE               the folder that holds openssl/ssl.h, where it is not /usr/include

using System.Diagnostics;
using System.Text.RegularExpressions;

const string Name = "ClangSharpPInvokeGenerator";
string here = AppContext.GetData("EntryPointFileDirectoryPath") as string ?? Path.Join("interop", "generation");
string committed = Path.GetFullPath(Path.Join(here, "..", "Generated"));
bool write = args.Contains("--write");
string work = Directory.CreateTempSubdirectory("openssl-bindings-").FullName;

try
{
    string version = Prepare(work);
    string[] generator = FindGenerator() ?? RestoreGenerator(work);
    bool same = true;
    foreach (string responseFile in Directory.GetFiles(work, "lib*.rsp").Order(StringComparer.Ordinal))
    {
        string generated = Generate(generator, responseFile, version);
        string target = Path.Join(committed, Path.GetFileName(generated));
        if (write)
        {
            File.Copy(generated, target, overwrite: true);
            Console.WriteLine($"wrote {Path.GetRelativePath(Environment.CurrentDirectory, target)}");
        }
        else
        {
            same &= IsSame(generated, target);
        }
    }

    return same ? 0 : Fail("interop/Generated is not what the generator makes of interop/generation: "
        + "run ./build.sh generate --write, and read the difference.");
}
catch (GenerationException exception)
{
    return Fail(exception.Message);
}
finally
{
    Directory.Delete(work, recursive: true);
}

static int Fail(string sentence)
{
    Console.Error.WriteLine(sentence);
    return 1;
}

// As a command: the program, and what comes before the arguments.
static string[]? FindGenerator()
{
    if (Environment.GetEnvironmentVariable("CLANGSHARP_PINVOKE_GENERATOR") is { Length: > 0 } named)
    {
        return !File.Exists(named)
            ? throw new GenerationException($"CLANGSHARP_PINVOKE_GENERATOR names {named}, which does not exist.")
            : named.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? ["dotnet", named] : [named];
    }

    string file = OperatingSystem.IsWindows() ? Name + ".exe" : Name;
    string tools = Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet", "tools");
    return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append(tools)
        .Select(folder => Path.Join(folder, file))
        .FirstOrDefault(File.Exists) is { } found ? [found] : null;
}

// dotnet looks for the manifest from the folder that it works in upwards.
string[] RestoreGenerator(string folder)
{
    string manifest = Path.Join(here, "..", "..", ".config", "dotnet-tools.json");
    CopyFiles([manifest], Path.Join(folder, ".config"));
    if (Run(["dotnet", "tool", "restore"], folder).ExitCode != 0)
    {
        string pinned = Regex.Match(File.ReadAllText(manifest), "\"version\": \"([^\"]+)\"").Groups[1].Value;
        throw new GenerationException(
            $"{Name} was not found, and NuGet does not give its version {pinned}: put it on PATH, "
                + "or build it from dotnet/ClangSharp against LLVM 22 and name it in CLANGSHARP_PINVOKE_GENERATOR.");
    }

    return ["dotnet", "tool", "run", Name, "--"];
}

// Copies everything that a run reads to one folder, so that no path of this machine matters: clang drops an -I that is
// /usr/include, and the generator then finds nothing to traverse. Returns the headers' version.
string Prepare(string folder)
{
    string include = Environment.GetEnvironmentVariable("OPENSSL_INCLUDE") is { Length: > 0 } named ? named : "/usr/include";
    string headers = Path.Join(include, "openssl");
    if (!File.Exists(Path.Join(headers, "ssl.h")))
    {
        throw new GenerationException(
            $"{headers} holds no ssl.h: install OpenSSL's headers (libssl-dev), or name their folder in OPENSSL_INCLUDE.");
    }

    // Debian keeps what depends on the architecture apart, one folder below.
    IEnumerable<string> sources = File.Exists(Path.Join(headers, "opensslconf.h"))
        ? [headers]
        : Directory.GetDirectories(include, "*-linux-gnu*").Select(path => Path.Join(path, "openssl")).Where(Directory.Exists)
            .Append(headers);
    CopyFiles(sources.SelectMany(Directory.GetFiles), Path.Join(folder, "include", "openssl"));
    CopyFiles([Path.Join(here, "..", "..", "native", "bindings", "openssl.h")], Path.Join(folder, "bindings"));
    CopyFiles(Directory.GetFiles(here, "*.rsp"), folder);

    string version = VersionOf(File.ReadAllText(Path.Join(headers, "opensslv.h")));
    string header = File.ReadAllText(Path.Join(here, "header.txt")).ReplaceLineEndings("\n");
    File.WriteAllText(Path.Join(folder, "header.txt"), header.Replace("@version", version, StringComparison.Ordinal));
    return version;
}

static void CopyFiles(IEnumerable<string> files, string folder)
{
    Directory.CreateDirectory(folder);
    foreach (string file in files)
    {
        File.Copy(file, Path.Join(folder, Path.GetFileName(file)), overwrite: true);
    }
}

static string VersionOf(string opensslv) =>
    Regex.Match(opensslv, """OPENSSL_VERSION_STR\s+"([^"]+)""") is { Success: true } match ? match.Groups[1].Value
    : Regex.Match(opensslv, """OPENSSL_VERSION_TEXT\s+"OpenSSL (\S+)""") is { Success: true } older ? older.Groups[1].Value
    : throw new GenerationException("openssl/opensslv.h names no version.");

static (int ExitCode, string Output) Run(string[] command, string folder)
{
    var start = new ProcessStartInfo(command[0], command[1..])
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    using Process process = Process.Start(start)!;
    Task<string> errors = process.StandardError.ReadToEndAsync();
    string output = process.StandardOutput.ReadToEnd() + errors.Result;
    process.WaitForExit();
    return (process.ExitCode, output);
}

static string Generate(string[] generator, string responseFile, string version)
{
    string name = Path.GetFileName(responseFile);
    string folder = Path.GetDirectoryName(responseFile)!;
    (int exitCode, string output) = Run([.. generator, "@" + name], folder);

    // The exit code counts warnings, cut to eight bits, and an exception is only printed: believe the text as well.
    if (exitCode != 0 || Regex.IsMatch(output, @"\b(error|exception|warning)\b", RegexOptions.IgnoreCase))
    {
        Console.Error.WriteLine(output.Trim());
        throw new GenerationException($"The generator failed on {name} (exit code {exitCode}); what it printed stands above.");
    }

    string[] lines = File.ReadAllLines(responseFile);
    string file = Path.Join(folder, lines[Array.IndexOf(lines, "--output") + 1]);
    if (!File.Exists(file))
    {
        throw new GenerationException($"The generator wrote nothing for {name}, and did not say why.");
    }

    string text = File.ReadAllText(file).ReplaceLineEndings("\n");
    File.WriteAllText(file, text);

    // A name that no traversed header declares is left out without a word.
    IReadOnlyDictionary<string, string> renamed = Option(File.ReadAllLines(Path.Join(folder, "common.rsp")), "--remap")
        .Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
    string[] missing = [.. Option(lines, "--include").Where(listed => !IsDeclared(renamed.GetValueOrDefault(listed, listed), text))];
    return missing.Length == 0
        ? file
        : throw new GenerationException(
            $"The headers of OpenSSL {version} lack, or {name} does not traverse, what it lists: {string.Join(", ", missing)}.");
}

static IEnumerable<string> Option(string[] lines, string option) =>
    lines.SkipWhile(line => line != option).Skip(1).TakeWhile(line => !line.StartsWith("--", StringComparison.Ordinal));

static bool IsDeclared(string name, string text)
{
    string pattern = Regex.Escape(name).Replace(@"\*", @"\w*", StringComparison.Ordinal);
    return Regex.IsMatch(
        text, $@"^ *public (static extern .*[ *>]{pattern}\(|const \w+ {pattern} =|partial struct {pattern}$)", RegexOptions.Multiline);
}

// The version that the first line names may differ: the same bindings come out of 3.5 and 3.6.
static bool IsSame(string generated, string committed)
{
    string[] now = File.ReadAllLines(generated);
    string[] before = File.Exists(committed) ? File.ReadAllLines(committed) : [];
    if (now.Skip(1).SequenceEqual(before.Skip(1)))
    {
        Console.WriteLine($"{Path.GetFileName(committed)}: as committed");
        return true;
    }

    string[] added = [.. now.Skip(1).Except(before)];
    string[] removed = [.. before.Skip(1).Except(now)];
    Console.WriteLine($"{Path.GetFileName(committed)}: {added.Length} lines more, {removed.Length} lines "
        + $"less{(added.Length + removed.Length == 0 ? ", another order" : "")}");
    foreach (string line in removed.Select(line => "- " + line.Trim()).Concat(added.Select(line => "+ " + line.Trim())).Take(40))
    {
        Console.WriteLine($"  {line}");
    }

    return false;
}

internal sealed class GenerationException(string message) : Exception(message);
