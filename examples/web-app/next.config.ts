import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const config: NextConfig = {
  // Next.js bundles what the server imports. Half-bundled, protobufjs and grpc-js fail at run time
  // in odd ways; these two packages stay in node_modules and are loaded from there, whole.
  serverExternalPackages: ['durable-sms', '@temporalio/client'],
  // The repository around this folder has a lockfile of its own.
  turbopack: { root: fileURLToPath(new URL('.', import.meta.url)) },
  outputFileTracingRoot: fileURLToPath(new URL('.', import.meta.url)),
  poweredByHeader: false,
};

export default config;
