# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
# What decides the restore comes first, so that a change of code does not restore again.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY build/ build/
COPY Portal/Portal.csproj Portal/packages.lock.json Portal/
COPY Portal.Core/Portal.Core.csproj Portal.Core/packages.lock.json Portal.Core/
RUN dotnet restore Portal --locked-mode
COPY . .
RUN dotnet publish Portal --no-restore -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# SQLite itself is the distribution's; curl asks the portal how it is. ICU is not needed: the portal runs in the invariant culture.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libsqlite3-0 curl \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir /data && chown app:app /data && chmod 700 /data
WORKDIR /app
COPY --from=build /app ./
ENV Urls=http://0.0.0.0:8080 \
    Portal__DataDirectory=/data \
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 \
    DOTNET_EnableDiagnostics=0
# The portal writes to /data alone, so the root file system may be read-only. SIGTERM lets it finish what it is at; give it 40 seconds.
STOPSIGNAL SIGTERM
USER app
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://localhost:8080/healthz/ready"]
ENTRYPOINT ["dotnet", "Portal.dll"]
