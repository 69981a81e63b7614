namespace OpenSslSessionCb;

/// <summary>One sentence for a value that is out of its range.</summary>
internal static class OptionRange
{
    internal static void Check<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {least} to {most}.");
        }
    }
}
