namespace OpenSslSessionCb;

/// <summary>Why a store could not do what was asked.</summary>
public enum SessionStoreFailure
{
    /// <summary>
    /// The file cannot be opened, read or written (a missing directory, no permission, an I/O error), or the server
    /// cannot be reached or refuses.
    /// </summary>
    Unavailable = 0,

    /// <summary>What is there belongs to a newer version, or is no store at all. It was not touched.</summary>
    Foreign = 1,

    /// <summary>The store is damaged.</summary>
    Corrupt = 2,

    /// <summary>There is no room on the disk or in the server's memory. The store works again when there is.</summary>
    Full = 3,

    /// <summary>The file stayed locked, or the server did not answer, for longer than the store may wait. Worth another try.</summary>
    Busy = 4,
}
