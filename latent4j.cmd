@echo off
rem Starts the latent4j command from any folder; builds it first when it was never built or when sources are newer.
rem Variables: JAVA_HOME, LATENT4J_JAVA_OPTS, JAVA_OPTS (for the JVM), OMP_NUM_THREADS (threads of one native operation).
setlocal EnableExtensions DisableDelayedExpansion
set "ROOT=%~dp0"
if "%ROOT:~-1%"=="\" set "ROOT=%ROOT:~0,-1%"
set "TARGET=%ROOT%\cli\target"
set "LOG=%TARGET%\build.log"

set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"
set "VERSION="
for /f "tokens=3" %%v in ('call "%JAVA%" -version 2^>^&1 ^| findstr /c:" version "') do if not defined VERSION set "VERSION=%%~v"
if not defined VERSION (
  echo latent4j: no Java found; Java 17 or newer is needed: https://adoptium.net, or set JAVA_HOME 1>&2
  exit /b 1
)
for /f "delims=.-+ " %%m in ("%VERSION%") do set "MAJOR=%%m"
if %MAJOR% LSS 17 (
  echo latent4j: Java 17 or newer is needed, but "%JAVA%" is version %VERSION%; see https://adoptium.net and set JAVA_HOME 1>&2
  exit /b 1
)

rem 0: up to date; 1: to be built. Folders count too: a deleted file leaves no other trace.
powershell -NoProfile -Command "$t = $env:TARGET; $s = Get-Item \"$t\built\" -ErrorAction SilentlyContinue; if (-not $s -or -not (Test-Path \"$t\latent4j-cli-*.jar\")) { exit 1 }; $r = $env:ROOT; $p = @(Get-ChildItem \"$r\*\pom.xml\" | ForEach-Object { $_.FullName; Join-Path $_.DirectoryName 'src\main' }) + \"$r\pom.xml\", \"$r\.mvn\"; $n = $p | Where-Object { Test-Path $_ } | ForEach-Object { Get-Item $_ -Force; Get-ChildItem $_ -Recurse -Force } | Where-Object { $_.LastWriteTimeUtc -gt $s.LastWriteTimeUtc } | Select-Object -First 1; if ($n) { exit 1 } else { exit 0 }"
if not errorlevel 1 goto run

where mvn >nul 2>nul
if errorlevel 1 (
  echo latent4j: building needs Maven 3.8 or newer, but there is no mvn: https://maven.apache.org/download.cgi 1>&2
  exit /b 1
)
if not exist "%TARGET%" mkdir "%TARGET%"
rem A folder is the lock: only one start can make it.
:lock
mkdir "%TARGET%\build.lock.d" 2>nul
if errorlevel 1 (
  echo latent4j: another start is building; if none is, remove "%TARGET%\build.lock.d" 1>&2
  timeout /t 5 /nobreak >nul
  if exist "%TARGET%\build.lock.d" goto lock
  if exist "%TARGET%\built" goto run
  goto lock
)
echo latent4j: building... 1>&2
del /q "%TARGET%\latent4j-cli-*.jar" 2>nul
type nul > "%TARGET%\built.begun"
pushd "%ROOT%"
call mvn -B -ntp -q -DskipTests -Dspotless.check.skip package -f "%ROOT%\pom.xml" > "%LOG%" 2>&1
set "BUILD=%ERRORLEVEL%"
popd
if "%BUILD%"=="0" move /y "%TARGET%\built.begun" "%TARGET%\built" >nul
rmdir "%TARGET%\build.lock.d"
if not "%BUILD%"=="0" (
  findstr /b "[ERROR]" "%LOG%" 1>&2
  echo latent4j: the build failed; all of it is in "%LOG%" 1>&2
  exit /b 1
)

:run
for %%j in ("%TARGET%\latent4j-cli-*.jar") do set "JAR=%%~fj"
if not defined OMP_NUM_THREADS set "OMP_NUM_THREADS=%NUMBER_OF_PROCESSORS%"
if not defined OPENBLAS_THREAD_TIMEOUT set "OPENBLAS_THREAD_TIMEOUT=4"
set "NATIVE="
if %MAJOR% GEQ 24 set "NATIVE=--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
"%JAVA%" -Dorg.bytedeco.javacpp.maxBytes=0 -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Djava.awt.headless=true "-Dlatent4j.home=%ROOT%" %NATIVE% %JAVA_OPTS% %LATENT4J_JAVA_OPTS% -cp "%JAR%" org.latent4j.cli.Main %*
exit /b %ERRORLEVEL%
