#!/usr/bin/env pwsh
# The verbs of this repository. build.sh has the same ones and runs the same commands.
# Only what the engine itself has is used, no cmdlets of modules: the NuGet package System.Management.Automation runs it too.
param([string] $Verb = 'help', [Parameter(ValueFromRemainingArguments)] [string[]] $Rest = @())
$ErrorActionPreference = 'Stop'
[void]$ExecutionContext.SessionState.Path.SetLocation("FileSystem::$PSScriptRoot")
$env:DOTNET_NOLOGO = $env:DOTNET_CLI_TELEMETRY_OPTOUT = $env:DOTNET_SYSTEM_GLOBALIZATION_INVARIANT = '1'

function Show-Usage {
    @'
usage: ./build.ps1 VERB
  demo       two server processes share their TLS sessions
  demo farm  two Kestrel nodes behind a balancer do, with a page that shows it
  test       [--coverage]: build everything, the tool too, and run the tests; those of native servers only after ./build.sh native
  soak       run at length the tests that find more the longer they go on
  bench      NAME [--quick]: run a benchmark (away, callbacks, farm, hello, native, stores); results in artifacts/bench
  tool       build the program artifacts/tool/sesscb
  native     build the libraries for C and for unmodified servers into artifacts/native (Linux; docs/native.md)
  pack       build the packages into artifacts/packages
  matrix     [LINE...]: run the tests with OpenSSL 1.1.1, 3.0, 3.5, 3.6 and 4.0 (root, Debian)
  format     [--write]: check white space and style as dotnet format has them, or mend them
  house      [--write]: print the folders of src in their storeys, and which uses which (once they are built), or draw them
  mutate     [FOLDER...]: put faults into the library, one at a time, and say which of them no test notices (not quick)
  generate   [--write]: check the bindings against OpenSSL's headers, or write them anew
'@
}

function Stop-Build([string] $Sentence, [int] $Code = 1) {
    [Console]::Error.WriteLine("build: $Sentence")
    exit $Code
}

function Invoke-Program([string] $Program) {
    & $Program @args
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

# Debian's packages, by name. Elsewhere whoever builds knows what they are called.
# Where systemd runs, redis-server comes with a service that Debian starts; the tests start servers of their own.
function Assert-Package {
    if (-not (Get-Command dpkg-query -ErrorAction Ignore)) { return }
    $missing = @($args | Where-Object { "$(& dpkg-query -W -f '${Status}' $_ 2> $null)" -notlike '* installed' })
    if ($missing.Count -eq 0) { return }
    if ((& id -u) -ne 0) { Stop-Build "these Debian packages are missing: $missing. Install them with: sudo apt-get install $missing" }
    $env:DEBIAN_FRONTEND = 'noninteractive'
    Invoke-Program apt-get update --quiet
    Invoke-Program apt-get install --yes --quiet --no-install-recommends @missing
}

function Assert-TestPackage {
    Assert-Package gcc libc6-dev zlib1g-dev make libssl-dev openssl libnss3-tools redis-server libfaketime chromium libcap2-bin
    if ([IO.File]::Exists([IO.Path]::Combine($PSScriptRoot, 'artifacts', 'native', 'libopensslsessioncb.so'))) {
        Assert-Package nginx stunnel4 haproxy apache2-bin python3 valgrind g++ pkg-config systemd
    }
}

# The SDK that global.json asks for: the machine's, or one in .dotnet, fetched by the official installer.
function Assert-Sdk {
    $own = [IO.Path]::Combine($PSScriptRoot, '.dotnet')
    if ([IO.Directory]::Exists($own)) { $env:PATH = $own + [IO.Path]::PathSeparator + $env:PATH; $env:DOTNET_ROOT = $own }
    try {
        & dotnet --version *> $null
        if ($LASTEXITCODE -eq 0) { return }
    } catch [System.Management.Automation.CommandNotFoundException] { }
    if ($IsWindows) {
        Invoke-Program curl.exe --fail --silent --show-error --location https://dot.net/v1/dotnet-install.ps1 --output dotnet-install.ps1
        & ./dotnet-install.ps1 -JSonFile global.json -InstallDir .dotnet
        [IO.File]::Delete("$PSScriptRoot/dotnet-install.ps1")
    } else {
        Assert-Package curl ca-certificates libstdc++6
        Invoke-Program curl --fail --silent --show-error --location https://dot.net/v1/dotnet-install.sh --output dotnet-install.sh
        Invoke-Program bash dotnet-install.sh --jsonfile global.json --install-dir .dotnet
        [IO.File]::Delete("$PSScriptRoot/dotnet-install.sh")
    }
    $env:PATH = $own + [IO.Path]::PathSeparator + $env:PATH; $env:DOTNET_ROOT = $own
}

function Test-NewTool([IO.FileInfo] $Tool) {
    $Tool.Refresh()
    if (-not $Tool.Exists) { return $false }
    foreach ($folder in 'src', 'interop') {
        foreach ($file in [IO.DirectoryInfo]::new([IO.Path]::Combine($PSScriptRoot, $folder)).GetFiles('*.cs*', 'AllDirectories')) {
            if ($file.FullName -notlike '*/obj/*' -and $file.LastWriteTimeUtc -gt $Tool.LastWriteTimeUtc) { return $false }
        }
    }
    return $true
}

# Tests start sesscb hundreds of times: as users get it, since that takes an eighth of what sesscb.dll takes to start. To build it
# where it is missing, or older than its sources, is less than it saves.
function Use-Tool {
    if ($env:SESSCB_PATH) { return }
    $tool = [IO.FileInfo]::new([IO.Path]::Combine($PSScriptRoot, 'artifacts', 'tool', 'sesscb'))
    if ($args -notcontains '--no-build' -and $IsLinux -and -not (Test-NewTool $tool)) {
        & dotnet publish src/OpenSslSessionCb.Tool --configuration Release --use-current-runtime --output artifacts/tool
        $tool.Refresh()
        if ($LASTEXITCODE -ne 0) {
            [Console]::Error.WriteLine(
                'build: sesscb cannot be compiled ahead of time here: the tests start sesscb.dll, which takes them longer.')
        } elseif ($tool.Exists) {
            # Not all of these sources are its own: where none of those has changed, it is left as it was.
            $tool.LastWriteTimeUtc = [DateTime]::UtcNow
        }
    }
    if (Test-NewTool $tool) { $env:SESSCB_PATH = $tool.FullName }
}

# Built first: then the test projects go on beside each other, and not each when it is built.
# --blame: where a run breaks off, it says in which test.
function Invoke-Test {
    Use-Tool @args
    $coverage = "$($args[0])" -eq '--coverage'
    $options = if ($coverage) { @('--collect', 'XPlat Code Coverage') + @($args[1..$args.Count]) } else { $args }
    $results = [IO.Path]::Combine($PSScriptRoot, 'artifacts', 'test-results')
    if ([IO.Directory]::Exists($results)) { [IO.Directory]::Delete($results, $true) }
    [void][IO.Directory]::CreateDirectory($results)
    if ($options -notcontains '--no-build') { Invoke-Program dotnet build OpenSslSessionCb.sln --configuration Release }
    $left = $env:SESSCB_LEFT_RUNNING = [IO.Path]::Combine($results, 'left-running.txt')
    & dotnet test OpenSslSessionCb.sln --configuration Release --no-build --blame --logger trx `
        --results-directory artifacts/test-results @options
    $code = $LASTEXITCODE
    if ($coverage) {
        & dotnet run tests/coverage/Coverage.cs '--' artifacts/test-results
        if ($LASTEXITCODE -ne 0) { $code = $LASTEXITCODE }
    }
    if ([IO.File]::Exists($left)) { [IO.File]::ReadAllText($left).TrimEnd(); $code = 1 }
    $total = $executed = $passed = 0
    $reasons = @{}
    foreach ($file in [IO.Directory]::GetFiles($results, '*.trx')) {
        $run = ([xml][IO.File]::ReadAllText($file)).TestRun
        $counters = $run.ResultSummary.Counters
        $total += [int]$counters.total; $executed += [int]$counters.executed; $passed += [int]$counters.passed

        # dotnet test says which tests were left out, but not why.
        foreach ($test in $run.Results.UnitTestResult) {
            if ($test.outcome -eq 'NotExecuted') { $reasons["$($test.Output.ErrorInfo.Message)"]++ }
        }
    }
    foreach ($reason in $reasons.Keys) { "$($reasons[$reason]) skipped: $reason" }
    if ($env:SESSCB_SOAK -ne 'true') { 'shortened: the tests that find more the longer they go on. At length: ./build.sh soak' }
    "$passed passed, $($executed - $passed) failed, $($total - $executed) skipped"
    exit $code
}

# For this machine.
function Invoke-Publish([string] $Project, [string] $Folder) {
    Invoke-Program dotnet publish $Project --configuration Release --use-current-runtime --output $Folder @args
}

# The analyzers are left out: the build runs them, and here they would take longer than both of these.
function Invoke-Format {
    $options = if ("$($args[0])" -eq '--write') { @($args[1..$args.Count]) } else { @('--verify-no-changes') + $args }
    Invoke-Program dotnet format whitespace OpenSslSessionCb.sln @options
    Invoke-Program dotnet format style OpenSslSessionCb.sln --no-restore @options
}

function Invoke-Farm {
    # Without root it makes do with what is there, and says what is missing.
    if ((Get-Command id -ErrorAction Ignore) -and (& id -u) -eq 0) { Assert-Package redis-server }
    Assert-Sdk
    Invoke-Program dotnet run --project docs/samples/Farm/Demo --configuration Release '--' @args
    exit 0
}

if ("$Verb $($Rest[0])" -eq 'demo farm') { $farm = @($Rest[1..$Rest.Count]); Invoke-Farm @farm }
switch ($Verb) {
    'demo' {
        Assert-Package openssl
        Assert-Sdk; Invoke-Program dotnet run --project src/OpenSslSessionCb.Tool --configuration Release '--' demo @Rest
    }
    'test' { Assert-TestPackage; Assert-Sdk; Invoke-Test @Rest }
    'soak' { Assert-TestPackage; Assert-Sdk; $env:SESSCB_SOAK = 'true'; Invoke-Test --filter TestCategory=Soak @Rest }
    'bench' {
        Assert-Package gcc libc6-dev make libssl-dev redis-server
        if ("$($Rest[0])" -eq 'native') { Assert-Package nginx }
        Assert-Sdk; Invoke-Program dotnet run --project tests/OpenSslSessionCb.Benchmarks --configuration Release '--' @Rest
    }
    'tool' {
        Assert-Package gcc libc6-dev zlib1g-dev openssl
        Assert-Sdk; Invoke-Publish src/OpenSslSessionCb.Tool artifacts/tool @Rest
    }
    'native' {
        Assert-Package gcc libc6-dev zlib1g-dev libssl-dev
        Assert-Sdk; Invoke-Publish src/OpenSslSessionCb.Native artifacts/native @Rest
    }
    'pack' { Assert-Sdk; Invoke-Program dotnet pack OpenSslSessionCb.sln --configuration Release @Rest }
    'matrix' { Assert-Package gcc libc6-dev make libssl-dev; Assert-Sdk; Invoke-Program bash tests/matrix/matrix.sh @Rest }
    'format' { Assert-Sdk; Invoke-Format @Rest }
    'house' { Assert-Sdk; Invoke-Program dotnet run --project tests/OpenSslSessionCb.House --configuration Release '--' @Rest }
    'mutate' {
        Assert-Package git gcc libc6-dev make libssl-dev openssl
        Assert-Sdk; Invoke-Program dotnet run --project tests/mutants --configuration Release '--' @Rest
    }
    'generate' { Assert-Sdk; Invoke-Program dotnet run interop/generation/Generate.cs '--' @Rest }
    { $_ -in 'help', '--help', '-h' } { Show-Usage }
    default    { Stop-Build "there is no verb '$Verb'. ./build.ps1 help lists them." 2 }
}
