FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Baton -c Release -o /baton

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /baton /opt/baton
COPY deploy/container/baton.json config/baton.schema.json /etc/baton/
RUN ln -s /opt/baton/baton /usr/local/bin/baton
USER $APP_UID
EXPOSE 8080
STOPSIGNAL SIGTERM
WORKDIR /
ENTRYPOINT ["baton", "run", "--config", "/etc/baton/baton.json"]
