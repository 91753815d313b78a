using System.Text.Json.Serialization;

namespace Portal.Core.Facts;

/// <summary>How facts are written to and read from the database.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Fact))]
public sealed partial class FactJson : JsonSerializerContext;
