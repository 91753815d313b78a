using System.Text.Json;
using Portal.Core;
using Xunit;

namespace Portal.Tests;

/// <summary>What stands in <c>requests/</c> for a reader to try works as it says.</summary>
public sealed class RequestsTests
{
    [Fact]
    public async Task Every_request_in_the_folder_is_answered_as_its_comment_says()
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "requests"), "*.http"))
        {
            await using var host = new PortalHost();
            using var client = host.CreateVisitor();
            var variables = new Dictionary<string, string>
            {
                ["host"] = "",
                ["environment"] = "sandbox",
                ["accessKeyId"] = PortalHost.AccessKeyId(PortalEnvironment.Sandbox),
                ["secretAccessKey"] = PortalHost.SecretAccessKey(PortalEnvironment.Sandbox),
            };
            var requests = RequestFile.Read(path);
            Assert.NotEmpty(requests);
            foreach (var request in requests)
            {
                using var message = WrittenRequest.Message(variables.Aggregate(request.Text, (text, v) => text.Replace("{{" + v.Key + "}}", v.Value, StringComparison.Ordinal)));
                using var answer = await client.SendAsync(message);
                var body = await answer.Content.ReadAsStringAsync();
                Assert.True((int)answer.StatusCode == request.Expected, $"{request.Title}: {(int)answer.StatusCode}, not {request.Expected}\n{body}");
                if (request.Name is not { } name) continue;
                foreach (var field in JsonDocument.Parse(body).RootElement.EnumerateObject()) variables[$"{name}.response.body.{field.Name}"] = field.Value.ToString();
            }
        }
    }
}
