using OpenSslSessionCb.Tool.Commands;

return await ToolCommand.RunAsync(args);
