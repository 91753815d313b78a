using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Core;

namespace Portal.Hosting;

/// <summary>The API's one way to say no: <c>application/problem+json</c> with our stable code as title, and the sentence as <c>message</c> too.</summary>
public static class ApiProblem
{
    /// <summary>Any refusal.</summary>
    public static ProblemHttpResult Of(int status, string code, string detail, string? field = null)
    {
        var extensions = new Dictionary<string, object?> { ["message"] = detail };
        if (field is not null) extensions["field"] = field;
        return TypedResults.Problem(detail, statusCode: status, title: code, extensions: extensions);
    }

    /// <summary>A problem that a room reported.</summary>
    public static ProblemHttpResult From(Problem problem) => Of(
        problem.Kind switch
        {
            ProblemKind.Missing => StatusCodes.Status404NotFound,
            ProblemKind.Conflict => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status400BadRequest,
        },
        problem.Code, problem.Detail, problem.Field);

    /// <summary>There is no such environment.</summary>
    public static ProblemHttpResult UnknownEnvironment() =>
        Of(StatusCodes.Status404NotFound, "unknownEnvironment", "The environment is 'sandbox' or 'production'.");

    /// <summary>For answers that carry nothing but a status.</summary>
    public static ProblemHttpResult ForStatus(int status) => status switch
    {
        401 => Of(status, "unauthorized", "Unauthorized"),
        403 => Of(status, "forbidden", "This is not allowed with these credentials."),
        404 => Of(status, "notFound", "There is nothing here."),
        405 => Of(status, "methodNotAllowed", "This path does not take that method."),
        413 => Of(status, "tooLarge", "The request is larger than this path takes."),
        415 => Of(status, "unsupportedMediaType", "This path takes application/json."),
        429 => Of(status, "tooManyRequests", "Too many requests; wait and try again."),
        _ => Of(status, "refused", $"{ReasonPhrases.GetReasonPhrase(status)}."),
    };
}
