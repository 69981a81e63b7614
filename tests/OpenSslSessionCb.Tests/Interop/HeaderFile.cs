using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tests;

/// <summary>C text that compiles only if the headers agree with the bindings, which are read by reflection.</summary>
internal static partial class HeaderFile
{
    public const string Begin = """
        #define OPENSSL_SUPPRESS_DEPRECATED
        #include <openssl/ssl.h>
        #include <openssl/err.h>
        #include <openssl/hmac.h>
        #include <openssl/rand.h>
        #include <openssl/pem.h>
        #include <openssl/x509v3.h>
        _Static_assert(sizeof(time_t) == 8 && sizeof(size_t) == sizeof(void *), "time_t and size_t");

        """;

    // What 1.1.1 does not have yet, or 4.0 does not have any more.
    private static readonly string[] s_gatedConstants =
    [
        "SSL_SESS_CACHE_UPDATE_TIME", "SSL_OP_IGNORE_UNEXPECTED_EOF", "SSL_OP_NO_EXTENDED_MASTER_SECRET",
        "SSL_R_UNEXPECTED_EOF_WHILE_READING", "SSL_ERROR_WANT_RETRY_VERIFY", "TLSEXT_TYPE_compress_certificate",
        "TLSEXT_TYPE_client_cert_type", "TLSEXT_TYPE_server_cert_type", "TLSEXT_TYPE_quic_transport_parameters",
    ];

    private static readonly Dictionary<Type, string> s_types = new()
    {
        [typeof(void)] = "void",
        [typeof(byte)] = "unsigned char",
        [typeof(ushort)] = "unsigned short",
        [typeof(int)] = "int",
        [typeof(uint)] = "unsigned int",
        [typeof(long)] = "long",
        [typeof(ulong)] = "unsigned long",
        [typeof(nuint)] = "size_t",
        [typeof(CLong)] = "long",
        [typeof(CULong)] = "unsigned long",
        [typeof(STACK_OF_X509)] = "struct stack_st_X509",
        [typeof(STACK_OF_X509_NAME)] = "struct stack_st_X509_NAME",
        [typeof(STACK_OF_X509_OBJECT)] = "struct stack_st_X509_OBJECT",
        [typeof(STACK_OF_SSL_CIPHER)] = "struct stack_st_SSL_CIPHER",
        [typeof(LHASH_OF_CONF_VALUE)] = "struct lhash_st_CONF_VALUE",
    };

    public static string Include => Environment.GetEnvironmentVariable("OPENSSL_INCLUDE") is { Length: > 0 } given ? given : "/usr/include";

    public static string Constants()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"_Static_assert(sizeof(long) == {Unsafe.SizeOf<CLong>()} && sizeof(unsigned long) == {Unsafe.SizeOf<CULong>()}, \"long\");\n");
        IEnumerable<FieldInfo> constants = new[] { typeof(LibSsl), typeof(LibCrypto) }
            .SelectMany(static type => type.GetFields(BindingFlags.Static | BindingFlags.Public)).Where(static field => field.IsLiteral);
        foreach (FieldInfo constant in constants)
        {
            string value = Convert.ToString(constant.GetRawConstantValue(), CultureInfo.InvariantCulture)!;
            string check = $"_Static_assert(({constant.Name}) == ({value}), \"{constant.Name}\");\n";
            text.Append(s_gatedConstants.Contains(constant.Name) ? $"#ifdef {constant.Name}\n{check}#endif\n" : check);
        }

        return text.ToString();
    }

    public static string Prototypes()
    {
        var text = new StringBuilder();
        foreach (MethodInfo import in ImportTests.Imports)
        {
            string check = Prototype(
                import.Name, TypeOf(import.ReturnType, import.GetParameters().Select(static parameter => parameter.ParameterType)));
            VersionGatedSymbol? gate = VersionGatedSymbol.All.FirstOrDefault(symbol => symbol.Name == import.Name);

            // Its third callback has a void* in 1.1.1 where 3.0 has a void**: the same to a call.
            Version? since = import.Name == nameof(LibCrypto.CRYPTO_get_ex_new_index) ? new Version(3, 0) : gate?.Since;
            text.Append(Gated(check, since, gate?.Before));
        }

        return text.ToString();
    }

    /// <summary>A check that a function's address has this type; a macro of its name must not stand in the way.</summary>
    public static string Prototype(string function, string pointerType) =>
        $"\n#undef {function}\n_Static_assert(__builtin_types_compatible_p(__typeof__(&{function}), {pointerType}), \"{function}\");\n";

    public static string WithOneKindOfChar(string preprocessed) => AnyChar().Replace(preprocessed, "unsigned char");

    private static string Gated(string check, Version? since, Version? before)
    {
        string condition = string.Join(" && ", new[]
        {
            since is null ? null : $"OPENSSL_VERSION_NUMBER >= {Number(since)}",
            before is null ? null : $"OPENSSL_VERSION_NUMBER < {Number(before)}",
        }.Where(static part => part is not null));
        return condition.Length == 0 ? check : $"#if {condition}\n{check}#endif\n";
    }

    private static string Number(Version version) => string.Create(
        CultureInfo.InvariantCulture, $"0x{version.Major:x}{version.Minor:x2}{(version.Major < 3 ? version.Build : 0):x2}000L");

    private static string TypeOf(Type returned, IEnumerable<Type> parameters)
    {
        string[] named = [.. parameters.Select(Named)];
        return $"{Named(returned)} (*)({(named.Length == 0 ? "void" : string.Join(", ", named))})";
    }

    // __typeof__ lets any type stand where C wants a name: a pointer to a function as a result, for instance.
    private static string Named(Type type)
    {
        if (type.IsFunctionPointer)
        {
            return $"__typeof__({TypeOf(type.GetFunctionPointerReturnType(), type.GetFunctionPointerParameterTypes())})";
        }

        return type.IsPointer ? Named(type.GetElementType()!) + " *" : s_types.GetValueOrDefault(type, type.Name);
    }

    [GeneratedRegex(@"\b((un)?signed\s+)?char\b")]
    private static partial Regex AnyChar();
}
