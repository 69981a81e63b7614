// A cache is attached to a whole process: what starts apps in this one runs by itself. Fixtures whose apps are other processes say that
// they may go on at once.
[assembly: LevelOfParallelism(3)]
