using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Mvc;
using OpenSslSessionCb;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddHealthChecks();

// "alone": the same app without the library, to see the difference.
if (!args.Contains("alone"))
{
    builder.Services.AddHealthChecks().AddOpenSslSessionCache();
    builder.Services.AddOpenSslSessionCache(o =>
    {
        o.Farm = "shop";
        o.KeyFile = "sessions.key";
        o.CreateKeyFile = true; // both nodes run on this machine
    }).UseSqlite("sessions.db");
}

WebApplication app = builder.Build();

app.MapGet("/", (HttpContext context) =>
    $"node {Environment.ProcessId}, {context.Features.Get<ITlsHandshakeFeature>()?.Protocol}, "
        + $"client {context.Connection.ClientCertificate?.Subject ?? "unknown"}\n");
app.MapGet("/sessions", ([FromServices] HostedSessionCache? sessions) => sessions?.Cache?.Statistics);
app.MapHealthChecks("/health");
app.Run();
