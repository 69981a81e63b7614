namespace OpenSslSessionCb;

/// <summary>Which program has made a session, and in which session id context of its own; zero where nobody watches.</summary>
/// <param name="Program">Of <see cref="HostProgram"/>.</param>
/// <param name="IdContext">What the host had set.</param>
internal readonly record struct SessionMaker(ulong Program, IdContext IdContext);
