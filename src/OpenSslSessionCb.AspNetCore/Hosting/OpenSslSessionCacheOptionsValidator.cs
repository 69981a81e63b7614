using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace OpenSslSessionCb;

/// <summary>Names a setting as the configuration does: <c>OpenSslSessionCache:Breaker:FailureRatio</c>.</summary>
internal sealed class OpenSslSessionCacheOptionsValidator : IValidateOptions<OpenSslSessionCacheOptions>
{
    public ValidateOptionsResult Validate(string? name, OpenSslSessionCacheOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        var context = new ValidationContext(options, nameof(OpenSslSessionCacheOptions), serviceProvider: null, items: null);
        foreach (ValidationResult problem in options.Validate(context))
        {
            string option = problem.MemberNames.Single();
            problems.AddError(
                $"{OpenSslSessionCacheOptions.SectionName}:{option.Replace('.', ':')}{problem.ErrorMessage![option.Length..]}");
        }

        return problems.Build();
    }
}
