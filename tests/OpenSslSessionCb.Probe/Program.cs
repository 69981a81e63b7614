using System.Globalization;
using OpenSslSessionCb.Probe;

// What can only be tried in a process of its own.
//   find                     binds a libssl; says which, or why not
//   use PATH                 the same, with OpenSslLibrary.Use
//   find-beside PATH         the same, after somebody else has loaded PATH
//   attach | decode          the first call of the library; says the exception
//   exit WHEN HOW            ends with an attached context alive; see ProcessEnd
//   churn HANDSHAKES         see Churn
switch (args[0])
{
    case "find":
        return LibraryChoice.Find();
    case "find-sslstreams":
        return LibraryChoice.FindSslStreams();
    case "use":
        return LibraryChoice.Use(args[1]);
    case "find-beside":
        return LibraryChoice.FindBeside(args[1]);
    case "attach":
        return LibraryChoice.FirstCallIsAttach();
    case "decode":
        return LibraryChoice.FirstCallIsDecode();
    case "exit":
        return ProcessEnd.Run(args[1], args[2]);
    case "churn":
        Console.WriteLine(Churn.Run(int.Parse(args[1], CultureInfo.InvariantCulture)));
        return 0;
    default:
        return 2;
}
