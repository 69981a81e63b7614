namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>A host name that a server answers to with a certificate of its own (SNI).</summary>
internal sealed record HostSite(string Name, string Certificate, string Key);
