using System.ComponentModel.DataAnnotations;

namespace OpenSslSessionCb;

/// <summary>One sentence for a value that is out of its range.</summary>
internal static class OptionRange
{
    internal static ValidationResult? Check<T>(T value, T least, T most, string name)
        where T : IComparable<T> =>
        value.CompareTo(least) < 0 || value.CompareTo(most) > 0
            ? new ValidationResult($"{name} is {value}, but must be from {least} to {most}.", [name])
            : null;
}
