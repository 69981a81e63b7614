// Contexts, counters and the attachment to the process belong to the whole process: what uses libssl here runs by itself. Fixtures
// that only start other processes, and wait for them, say that they may go on at once.
[assembly: NUnit.Framework.LevelOfParallelism(4)]
