namespace OpenSslSessionCb.Benchmarks;

/// <summary>What a worker has in RAM, in KB, once it has worked.</summary>
/// <param name="Sessions">Who keeps the sessions.</param>
/// <param name="After">What it has done.</param>
/// <param name="Pss">Private pages, and its share of those that it has with its master and others.</param>
/// <param name="Private">What it alone has.</param>
/// <param name="ExtraPss">Pss over that of nginx's own, which has shared memory besides.</param>
/// <param name="ExtraPrivate">The same of what it alone has.</param>
/// <param name="ExtraLimit">What each must be under.</param>
/// <param name="Library">Of Pss: the code and the data of this library.</param>
/// <param name="Sqlite">Of Pss: SQLite's.</param>
/// <param name="ManagedHeap">Of Pss: .NET's heap.</param>
/// <param name="Malloc">Of Pss: what libssl, nginx and .NET have from malloc, the decoded sessions among them.</param>
/// <param name="OtherAnonymous">Of Pss: stacks, and what .NET's collector keeps its books in.</param>
/// <param name="OtherFiles">Of Pss: all other files and shared memory.</param>
internal sealed record WorkerMemoryResult(
    string Sessions,
    string After,
    double Pss,
    double Private,
    double ExtraPss,
    double ExtraPrivate,
    double? ExtraLimit,
    double Library,
    double Sqlite,
    double ManagedHeap,
    double Malloc,
    double OtherAnonymous,
    double OtherFiles)
{
    internal bool IsWithinLimit => ExtraLimit is not { } limit || Math.Max(ExtraPss, ExtraPrivate) < limit;
}
