namespace OpenSslSessionCb;

/// <summary>A file of the page, embedded in this assembly.</summary>
internal sealed record PageAsset(string Name, string ContentType, string Text)
{
    internal static PageAsset Read(string name)
    {
        using Stream stream = typeof(PageAsset).Assembly.GetManifestResourceStream("Page/" + name)!;
        using var reader = new StreamReader(stream);
        return new PageAsset(name, ContentTypeOf(name), reader.ReadToEnd());
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No content type is known for this file."),
    };
}
