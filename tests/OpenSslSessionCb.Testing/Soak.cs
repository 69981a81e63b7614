namespace OpenSslSessionCb.Testing;

/// <summary>How long the tests go on that find more the longer they do.</summary>
internal static class Soak
{
    /// <summary>What ./build.sh soak sets.</summary>
    private const string Variable = "SESSCB_SOAK";

    private static readonly bool s_isOn = Environment.GetEnvironmentVariable(Variable) == "true";

    /// <summary>How often to do something: in ./build.sh test, and in ./build.sh soak.</summary>
    internal static int Count(int briefly, int atLength) => s_isOn ? atLength : briefly;
}
