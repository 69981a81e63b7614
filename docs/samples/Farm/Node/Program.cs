using OpenSslSessionCb;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
SessionCacheBuilder sessions = builder.Services.AddOpenSslSessionCache(o => o.Farm = "demo");
_ = builder.Configuration["Redis"] is { } redis
    ? sessions.UseRedis(redis)
    : sessions.UseSqlite(builder.Configuration["Sqlite"] ?? "sessions.db");

WebApplication app = builder.Build();
app.MapOpenSslSessions("/sessions");
app.MapGet("/", () => Results.Redirect("/sessions"));
app.Run();
