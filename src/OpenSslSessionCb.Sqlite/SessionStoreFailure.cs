namespace OpenSslSessionCb;

/// <summary>Why a store could not do what was asked.</summary>
public enum SessionStoreFailure
{
    /// <summary>The file cannot be opened, read or written: a missing directory, no permission, an I/O error.</summary>
    Unavailable = 0,

    /// <summary>The file is a store of a newer version, or no store at all. It was not touched.</summary>
    Foreign = 1,

    /// <summary>The file is damaged.</summary>
    Corrupt = 2,

    /// <summary>There is no room on the disk. The store works again when there is.</summary>
    Full = 3,

    /// <summary>Another process or thread kept the file locked for longer than the store may wait. Worth another try.</summary>
    Busy = 4,
}
