using OpenSslSessionCb;
using OpenSslSessionCb.StoreWriter;

// A second process for the tests of the SQLite store. It says "ready", waits for a line, does its work on the
// file, and writes one line for each thing done.
//   put <path> <first> <count>    puts these records; says each number once its record is confirmed
//   take <path> <first> <count>   takes these records; says the numbers that it got
string verb = args[0];
string path = args[1];
int first = int.Parse(args[2], null);
int count = int.Parse(args[3], null);

Console.WriteLine("ready");
Console.ReadLine();

await using SqliteSessionStore store = SqliteSessionStore.Open(
    path, new SqliteSessionStoreOptions { BusyTimeout = TimeSpan.FromSeconds(20) });
for (int number = first; number < first + count; number++)
{
    if (verb == "put")
    {
        await store.PutAsync(NumberedRecords.Key(number), NumberedRecords.Record(number), NumberedRecords.Lifetime);
        Console.WriteLine(number);
    }
    else if (await store.TakeAsync(NumberedRecords.Key(number)) is not null)
    {
        Console.WriteLine(number);
    }
}
