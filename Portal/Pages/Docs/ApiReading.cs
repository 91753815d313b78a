using Microsoft.OpenApi;

namespace Portal.Pages.Docs;

/// <summary>The OpenAPI document as a page shows it.</summary>
/// <param name="Version">Of the portal.</param>
/// <param name="Description">What holds for all of it.</param>
/// <param name="Groups">By tag, in the order of the document.</param>
internal sealed record ApiReading(string Version, string Description, IReadOnlyList<ApiGroup> Groups)
{
    /// <summary>Nothing yet.</summary>
    public static readonly ApiReading None = new("", "", []);

    /// <summary>Reads a document.</summary>
    public static ApiReading Of(OpenApiDocument document)
    {
        var operations = from path in document.Paths
                         from operation in path.Value.Operations ?? []
                         select (Tag: operation.Value.Tags?.FirstOrDefault()?.Name ?? "Other", Operation: Read(path.Key, operation.Key.Method, operation.Value));
        return new ApiReading(document.Info.Version ?? "", document.Info.Description ?? "",
            [.. operations.GroupBy(o => o.Tag).Select(g => new ApiGroup(g.Key, Anchor(g.Key), [.. g.Select(o => o.Operation)]))]);
    }

    private static ApiOperation Read(string path, string method, OpenApiOperation operation) => new(method, path, operation.Summary ?? "", operation.Description,
        [.. (operation.Parameters ?? []).Select(p => new ApiField(p.Name ?? "", $"{TypeOf(p.Schema)}, in the {(p.In == ParameterLocation.Path ? "path" : "query")}{(p.Required ? "" : ", optional")}"))],
        [.. Fields(operation.RequestBody?.Content?.Values.FirstOrDefault()?.Schema)],
        [.. (operation.Responses ?? []).OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => new ApiField(r.Key, Answer(r.Value)))]);

    private static string Answer(IOpenApiResponse response)
    {
        var fields = Fields(response.Content?.Values.FirstOrDefault()?.Schema).Select(f => f.Name).ToList();
        return $"{response.Description}{(fields.Count > 0 ? $": {string.Join(", ", fields)}" : "")}";
    }

    private static IEnumerable<ApiField> Fields(IOpenApiSchema? schema) => (schema?.Properties ?? new Dictionary<string, IOpenApiSchema>()).Select(p => new ApiField(p.Key, TypeOf(p.Value)));

    private static string TypeOf(IOpenApiSchema? schema) => schema switch
    {
        null => "any",
        { Type: { } type } when type.HasFlag(JsonSchemaType.Array) => $"array of {TypeOf(schema.Items)}",
        { Type: { } type } => $"{Named(type & ~JsonSchemaType.Null)}{(schema.Format is { } format ? $" ({format})" : "")}{(type.HasFlag(JsonSchemaType.Null) ? " or null" : "")}",
        _ => "object",
    };

    private static string Named(JsonSchemaType type) => type.ToString().ToLowerInvariant();

    private static string Anchor(string tag) => tag.ToLowerInvariant().Replace(' ', '-');
}

/// <summary>The operations of a tag.</summary>
internal sealed record ApiGroup(string Name, string Anchor, IReadOnlyList<ApiOperation> Operations);

/// <summary>One operation.</summary>
internal sealed record ApiOperation(
    string Method, string Path, string Summary, string? Description, IReadOnlyList<ApiField> Parameters, IReadOnlyList<ApiField> Body, IReadOnlyList<ApiField> Answers);

/// <summary>A parameter, a field or an answer.</summary>
internal sealed record ApiField(string Name, string Says);
