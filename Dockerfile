# One image for each service: docker build --build-arg SERVICE=pre-validator -t quadturbo/pre-validator .
# It runs with a read-only root file system: docker run --read-only --tmpfs /tmp -v market-data:/data ... The probes are the cluster's.
ARG NODE=20.18.1-bookworm-slim
ARG DOTNET=10.0

FROM node:${NODE} AS node

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET} AS build
# npm brings ONNX Runtime's native library and the parts of the dashboard.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
WORKDIR /src
COPY Directory.Build.props Directory.Packages.props global.json .editorconfig ./
COPY libs libs
COPY services services
RUN dotnet restore services/Platform --locked-mode && dotnet publish services/Platform -c Release --no-restore -o /app

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET} AS service
RUN apt-get update -q && apt-get install -y -q --no-install-recommends libsqlite3-0 && rm -rf /var/lib/apt/lists/*
ARG SERVICE
RUN test -n "$SERVICE" || { echo "build with --build-arg SERVICE=NAME" >&2; exit 1; }
COPY --from=build /app /app
RUN install -d -o $APP_UID -g $APP_UID /data
ENV SERVICE=$SERVICE \
    APP_PORT=8081 \
    QUADTURBO_URLS=http://0.0.0.0:8080 \
    QUADTURBO_DATA_DIR=/data \
    DOTNET_EnableDiagnostics=0
WORKDIR /data
VOLUME /data
EXPOSE 8080
USER $APP_UID
ENTRYPOINT ["/bin/sh", "-c", "exec dotnet /app/quadturbo.dll service \"$SERVICE\" \"$@\"", "service"]
