using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Interop;

// A packed error is laid out in two ways: 8 + 12 + 12 bits in 1.1.1; from 3.0 one flag for errno, 8 bits, 23 bits.
public static partial class LibCrypto
{
    private const nuint SystemFlag = 0x8000_0000;

    public static int ERR_GET_LIB(CULong error)
    {
        nuint packed = error.Value;
        if (OpenSslLibrary.Version.Major < 3)
        {
            return (int)((packed >> 24) & 0xFF);
        }

        return (packed & SystemFlag) != 0 ? ERR_LIB_SYS : (int)((packed >> 23) & 0xFF);
    }

    public static int ERR_GET_REASON(CULong error)
    {
        nuint packed = error.Value;
        if (OpenSslLibrary.Version.Major < 3)
        {
            return (int)(packed & 0xFFF);
        }

        return (int)(packed & ((packed & SystemFlag) != 0 ? 0x7FFF_FFFFu : 0x7F_FFFFu));
    }
}
