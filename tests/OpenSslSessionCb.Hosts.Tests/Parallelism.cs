// Most of these tests wait for other processes most of the time: several go on at once, each with an instance of its fixture.
// Fixtures whose tests share a server, or this process, say so.
[assembly: Parallelizable(ParallelScope.All)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[assembly: LevelOfParallelism(4)]
