using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Portal.Access;
using Portal.Core.Access;
using Portal.Hosting;
using Portal.Telemetry;

namespace Portal.Api;

/// <summary>The OpenAPI 3.1 document at <c>/openapi/v1.json</c>, made from the endpoints themselves; <c>/docs/api</c> shows it to people.</summary>
public static class ApiDocument
{
    /// <summary>The document's name.</summary>
    public const string Name = "v1";

    private const string Bearer = "bearer";

    /// <summary>Paths that programs call, and no page of the portal.</summary>
    private static readonly string[] Starts = ["api/", "webhooks/", "products/", "component/", "attribution/"];

    /// <summary>Makes the document.</summary>
    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description => Array.Exists(Starts, start => description.RelativePath?.StartsWith(start, StringComparison.Ordinal) is true);
        options.AddDocumentTransformer((document, context, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Referral portal",
                Version = PortalVersion.Text,
                Description = "Paths of a product (compatible with the reference product's REST API), the portal's own API below /v1, and the webhooks of providers. "
                    + "Amounts are integers in minor units beside their currency unless a field says otherwise; times are ISO 8601 UTC. Errors are application/problem+json with the sentence as message too; "
                    + "every answer carries X-Request-Id.",
            };
            document.Servers = [new OpenApiServer { Url = context.ApplicationServices.GetRequiredService<IOptions<PortalOptions>>().Value.PublicUrl }];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An access token of POST /api/{environment}/token." },
            };
            AddWebhooks(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            Describe(operation, context.Description.ActionDescriptor.EndpointMetadata, context.Document!);
            return Task.CompletedTask;
        });
    });

    private static void Describe(OpenApiOperation operation, IList<object> metadata, OpenApiDocument document)
    {
        operation.Responses ??= [];
        if (metadata.OfType<IAllowAnonymous>().Any()) return;
        var policies = metadata.OfType<IAuthorizeData>().Select(a => a.Policy).ToList();
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
        operation.Description = $"Scope: {(policies.Contains(Policies.UseProductApi) ? $"{AccessKey.ProductScope} or {AccessKey.ManageScope}" : AccessKey.ManageScope)}.";
        operation.Responses.TryAdd("400", Refusal("A field is missing or malformed; field names it."));
        operation.Responses.TryAdd("401", Refusal("No token, or one that is not accepted."));
        operation.Responses.TryAdd("403", Refusal("The token's key does not have the scope."));
        operation.Responses.TryAdd("429", Refusal("Too many requests; Retry-After says when to come again."));
    }

    /// <summary>The providers' doors are plain request handlers, which nothing describes by itself.</summary>
    private static void AddWebhooks(OpenApiDocument document)
    {
        document.Tags ??= new HashSet<OpenApiTag>();
        document.Tags.Add(new OpenApiTag { Name = "Webhooks" });
        foreach (var (source, proof) in (IEnumerable<(string, string)>)[("stripe", "signed by Stripe-Signature"), ("chargebee", "with HTTP basic authentication")])
        {
            foreach (var (path, parameter) in (IEnumerable<(string, string)>)[("/webhooks/{environment}/", "environment"), ("/products/{productId}/transaction-webhook/", "productId")])
            {
                var operation = new OpenApiOperation
                {
                    Summary = $"Takes an event of {source}, {proof}.",
                    Tags = new HashSet<OpenApiTagReference> { new("Webhooks", document) },
                    Parameters = [new OpenApiParameter { Name = parameter, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } }],
                    Responses = new OpenApiResponses
                    {
                        ["200"] = new OpenApiResponse { Description = "Stored, or stored before." },
                        ["400"] = Refusal("A bad signature, a timestamp outside of the tolerance, or no JSON."),
                        ["401"] = Refusal("Wrong basic credentials."),
                        ["404"] = Refusal("An unknown environment or product, or one without a secret."),
                        ["413"] = Refusal("The body is larger than 1 MiB."),
                        ["503"] = Refusal("It could not be stored just now; Retry-After says when to send it again."),
                    },
                };
                document.Paths[path + source] = new OpenApiPathItem { Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Post] = operation } };
            }
        }
    }

    private static OpenApiResponse Refusal(string says) => new()
    {
        Description = says,
        Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() },
    };
}
