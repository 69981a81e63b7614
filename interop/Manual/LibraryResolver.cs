using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Interop;

/// <summary>Answers this assembly's imports of libssl and libcrypto with the one pair that is bound, which it binds once.</summary>
internal static class LibraryResolver
{
    private static readonly Lock s_gate = new();
    private static volatile BoundLibrary? s_bound;

    /// <summary>The bound pair; binds one if there is none yet.</summary>
    internal static BoundLibrary Bound => s_bound ?? (TryBind(out BoundLibrary? library, out string? problem)
        ? library
        : throw new OpenSslNotSupportedException(problem));

    internal static bool TryBind([NotNullWhen(true)] out BoundLibrary? library, [NotNullWhen(false)] out string? problem)
    {
        lock (s_gate)
        {
            library = s_bound;
            problem = null;
            if (library is not null || LibrarySearch.TryFind(out library, out problem))
            {
                s_bound = library;
                return true;
            }

            return false;
        }
    }

    internal static void Use(string libsslPath)
    {
        lock (s_gate)
        {
            BindTo(LibrarySearch.TryOpen(libsslPath, out BoundLibrary? chosen, out string? problem) ? chosen : null, problem);
        }
    }

    internal static void Use(nint libssl, nint libcrypto)
    {
        lock (s_gate)
        {
            bool isBound = LibrarySearch.TryBind(
                libssl, libcrypto, "the given handle", out BoundLibrary? chosen, out string? problem);
            BindTo(isBound ? chosen : null, problem);
        }
    }

    private static void BindTo(BoundLibrary? chosen, string? problem)
    {
        if (chosen is null)
        {
            throw new OpenSslNotSupportedException(problem!);
        }

        if (s_bound is { } bound && !bound.IsSameImage(chosen))
        {
            throw new InvalidOperationException(
                $"{chosen.Path} cannot be used, because {bound.Path} is bound already: "
                    + "call OpenSslLibrary.Use before anything else of this library.");
        }

        s_bound ??= chosen;
    }

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255",
        Justification = "The resolver must be in place before the first import, and no type of ours is on the way to it.")]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(LibraryResolver).Assembly, Resolve);

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath) => libraryName switch
    {
        "libssl" => Bound.Ssl,
        "libcrypto" => Bound.Crypto,
        _ => 0,
    };
}
