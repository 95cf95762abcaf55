FROM mcr.microsoft.com/dotnet/sdk:10.0-noble-aot AS build
WORKDIR /source
# What says which packages are needed comes first: until it changes, they are restored from the layer cache.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Baton.Handover/Baton.Handover.csproj src/Baton.Handover/
COPY src/Baton/Baton.csproj src/Baton/
RUN dotnet restore src/Baton --use-current-runtime
COPY .editorconfig ./
COPY src src
RUN dotnet publish src/Baton -c Release --no-restore --use-current-runtime -o /baton

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble
COPY --from=build /baton/baton /opt/baton/baton
COPY deploy/container/baton.json config/baton.schema.json /etc/baton/
# The directory of the admin socket is a volume, so that a read-only root needs nothing else; its group is the one that
# platforms give to a user whose number they have made up.
RUN ln -s /opt/baton/baton /usr/local/bin/baton \
    && mkdir /run/baton && chown $APP_UID:0 /run/baton && chmod 0770 /run/baton
ENV RUNTIME_DIRECTORY=/run/baton
VOLUME /run/baton
USER $APP_UID
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["baton", "health"]
WORKDIR /
ENTRYPOINT ["baton", "run"]
