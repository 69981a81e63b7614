using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace OpenSslSessionCb.Testing;

/// <summary>
/// On a test assembly: a test after which a process of its own still runs has failed, and the process is ended. At the end of the
/// run nothing is left.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class LeavesNoProcessAttribute : Attribute, ITestAction
{
    /// <summary>Where the sentence about the whole run goes, which belongs to no test: build.sh looks there.</summary>
    private const string ReportVariable = "SESSCB_LEFT_RUNNING";

    /// <inheritdoc/>
    public ActionTargets Targets => ActionTargets.Test | ActionTargets.Suite;

    /// <inheritdoc/>
    public void BeforeTest(ITest test)
    {
        if (OperatingSystem.IsLinux() && test.Parent is null)
        {
            Subreaper.Become();
            InheritedSignals.TakeAsAShellWould();
        }
    }

    /// <inheritdoc/>
    public void AfterTest(ITest test)
    {
        if (!OperatingSystem.IsLinux() || (test.Parent is not null && !StartedProcesses.HasStarted(test.Id)))
        {
            return;
        }

        IReadOnlyList<string> left = test.Parent is null ? StartedProcesses.EndAll() : StartedProcesses.EndThoseOf(test.Id);
        if (left.Count > 0)
        {
            string sentence = $"left running by {test.FullName}, and killed: {string.Join("; ", left)}";
            Report(sentence);
            Assert.Fail(sentence);
        }
    }

    private static void Report(string sentence)
    {
        TestContext.Progress.WriteLine(sentence);
        if (Environment.GetEnvironmentVariable(ReportVariable) is { Length: > 0 } file)
        {
            File.AppendAllText(file, sentence + "\n");
        }
    }
}
