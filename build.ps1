#!/usr/bin/env pwsh
# The verbs of this repository. build.sh has the same ones and runs the same commands.
param([string] $Verb = 'help', [Parameter(ValueFromRemainingArguments)] [string[]] $Rest = @())
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$env:DOTNET_NOLOGO = $env:DOTNET_CLI_TELEMETRY_OPTOUT = $env:DOTNET_SYSTEM_GLOBALIZATION_INVARIANT = '1'

function Show-Usage {
    Write-Output @'
usage: ./build.ps1 VERB
  demo       two server processes share their TLS sessions
  test       build everything and run the tests
  bench      NAME: run a benchmark (callbacks); results in artifacts/bench
  tool       build the program artifacts/tool/sesscb
  pack       build the packages into artifacts/packages
  matrix     [LINE...]: run the tests with OpenSSL 1.1.1, 3.0, 3.5, 3.6 and 4.0 (root, Debian)
  generate   [--write]: check the bindings against OpenSSL's headers, or write them anew
'@
}

function Stop-Build([string] $Sentence, [int] $Code = 1) {
    [Console]::Error.WriteLine("build: $Sentence")
    exit $Code
}

function Invoke-Command([string] $Program) {
    & $Program @args
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

# Debian's packages, by name. Elsewhere whoever builds knows what they are called.
function Assert-Package {
    if (-not (Get-Command dpkg-query -ErrorAction Ignore)) { return }
    $missing = @($args | Where-Object { "$(& dpkg-query -W -f '${Status}' $_ 2> $null)" -notlike '* installed' })
    if ($missing.Count -eq 0) { return }
    if ((& id -u) -ne 0) { Stop-Build "these Debian packages are missing: $missing. Install them with: sudo apt-get install $missing" }
    $env:DEBIAN_FRONTEND = 'noninteractive'
    Invoke-Command apt-get update --quiet
    Invoke-Command apt-get install --yes --quiet --no-install-recommends @missing
}

# The SDK that global.json asks for: the machine's, or one in .dotnet, fetched by the official installer.
function Assert-Sdk {
    $own = Join-Path $PSScriptRoot '.dotnet'
    if (Test-Path (Join-Path $own 'dotnet*')) { $env:PATH = $own + [IO.Path]::PathSeparator + $env:PATH; $env:DOTNET_ROOT = $own }
    try { & dotnet --version *> $null; if ($LASTEXITCODE -eq 0) { return } } catch [System.Management.Automation.CommandNotFoundException] { }
    if ($IsWindows) {
        Invoke-WebRequest https://dot.net/v1/dotnet-install.ps1 -OutFile dotnet-install.ps1
        & ./dotnet-install.ps1 -JSonFile global.json -InstallDir .dotnet
        Remove-Item dotnet-install.ps1
    } else {
        Assert-Package curl ca-certificates libstdc++6
        Invoke-Command curl --fail --silent --show-error --location https://dot.net/v1/dotnet-install.sh --output dotnet-install.sh
        Invoke-Command bash dotnet-install.sh --jsonfile global.json --install-dir .dotnet
        Remove-Item dotnet-install.sh
    }
    $env:PATH = $own + [IO.Path]::PathSeparator + $env:PATH; $env:DOTNET_ROOT = $own
}

function Invoke-Test {
    if (Test-Path artifacts/test-results) { Remove-Item -Recurse artifacts/test-results }
    & dotnet test OpenSslSessionCb.sln --configuration Release --logger trx --results-directory artifacts/test-results @args
    $code = $LASTEXITCODE
    $total = $executed = $passed = 0
    foreach ($file in Get-ChildItem artifacts/test-results/*.trx -ErrorAction Ignore) {
        $counters = ([xml](Get-Content -Raw $file)).TestRun.ResultSummary.Counters
        $total += [int]$counters.total; $executed += [int]$counters.executed; $passed += [int]$counters.passed
    }
    Write-Output "$passed passed, $($executed - $passed) failed, $($total - $executed) skipped"
    exit $code
}

switch ($Verb) {
    'demo'     { Assert-Package openssl; Assert-Sdk; Invoke-Command dotnet run --project src/OpenSslSessionCb.Tool --configuration Release '--' demo @Rest }
    'test'     { Assert-Package gcc libc6-dev make libssl-dev openssl libnss3-tools; Assert-Sdk; Invoke-Test @Rest }
    'bench'    { Assert-Package gcc libc6-dev make libssl-dev; Assert-Sdk; Invoke-Command dotnet run --project tests/OpenSslSessionCb.Benchmarks --configuration Release '--' @Rest }
    'tool'     { Assert-Package gcc libc6-dev zlib1g-dev openssl; Assert-Sdk; Invoke-Command dotnet publish src/OpenSslSessionCb.Tool --configuration Release --use-current-runtime --output artifacts/tool @Rest }
    'pack'     { Assert-Sdk; Invoke-Command dotnet pack OpenSslSessionCb.sln --configuration Release @Rest }
    'matrix'   { Assert-Package gcc libc6-dev make libssl-dev; Assert-Sdk; Invoke-Command bash tests/matrix/matrix.sh @Rest }
    'generate' { Assert-Sdk; Invoke-Command dotnet run interop/generation/Generate.cs '--' @Rest }
    { $_ -in 'help', '--help', '-h' } { Show-Usage }
    default    { Stop-Build "there is no verb '$Verb'. ./build.ps1 help lists them." 2 }
}
