# Targets: `worker` (the default) and `simulator`. glibc, as @temporalio/core-bridge carries no musl binary.
FROM node:24-bookworm-slim AS base
WORKDIR /app

# --ignore-scripts: `prepare` would run the build, whose sources are not here yet.
FROM base AS dependencies
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM base AS production-dependencies
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
# The bridge comes with binaries for five platforms, some 27 MB each; the second line proves that the right one stayed.
RUN find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
      ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} + \
    && node -e "require('@temporalio/core-bridge')"

FROM dependencies AS build
COPY tsconfig.json tsconfig.build.json tsconfig.client.json ./
COPY scripts scripts
COPY src src
RUN npm run build

FROM dependencies AS simulator
COPY tsconfig.json ./
COPY tools/simulator tools/simulator
USER node
EXPOSE 3900
ENTRYPOINT ["node", "--import", "tsx"]
CMD ["tools/simulator/main.ts", "--host", "0.0.0.0", "--port", "3900"]

FROM base AS worker
# The connection to a Temporal server with TLS trusts the certificates of the system; the slim image has none.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
COPY package.json ./
COPY --from=production-dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
# No shell in between: SIGTERM reaches node, and the worker drains.
ENTRYPOINT ["node"]
CMD ["dist/worker.js"]
