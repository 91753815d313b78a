using System.Text;

namespace Portal.Exports;

/// <summary>A CSV file as an answer, sent portion by portion as it is read: of any size, in the memory of one portion.</summary>
/// <param name="fileName">What the browser names it.</param>
/// <param name="header">The columns' names.</param>
/// <param name="portions">The lines.</param>
internal sealed class CsvResult(string fileName, string header, IAsyncEnumerable<IEnumerable<CsvLine>> portions) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = "text/csv; charset=utf-8; header=present";
        response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        response.Headers.CacheControl = "no-store";
        await response.WriteAsync(header + "\r\n", Encoding.UTF8, ct);
        await foreach (var portion in portions.WithCancellation(ct))
        {
            await response.WriteAsync(string.Concat(portion), Encoding.UTF8, ct);
            await response.Body.FlushAsync(ct);
        }
    }
}
