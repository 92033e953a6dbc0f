import type { Environment } from '../config.js';

const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/**
 * A warning for the operator where the environment names an outbound proxy that this Node.js does
 * not use; holds names of variables only.
 */
export function describeUnusedProxy(
  env: Environment,
  node: { readonly version: string; readonly execArgv: readonly string[] },
): string | undefined {
  const named = PROXY_VARIABLES.filter((name) => (env[name] ?? '') !== '');
  const isWanted = asksForProxy(env, node.execArgv);
  if (!isWanted && named.length === 0) return undefined;
  const names = [...(env['NODE_USE_ENV_PROXY'] === '1' ? ['NODE_USE_ENV_PROXY'] : []), ...named].join(
    ' and ',
  );
  if (!usesProxies(node.version)) {
    return `requests to the provider bypass the proxy: Node.js ${node.version} ignores ${names}; Node.js 22.21, 24 and later support it`;
  }
  return isWanted
    ? undefined
    : `requests to the provider bypass the proxy: Node.js uses ${names} only with NODE_USE_ENV_PROXY=1`;
}

/** Node takes the value 1 alone. */
function asksForProxy(env: Environment, execArgv: readonly string[]): boolean {
  const flags = [...execArgv, ...(env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  return env['NODE_USE_ENV_PROXY'] === '1' || flags.includes('--use-env-proxy');
}

/** Node.js documentation, "Built-in proxy support": since 22.21.0 and 24.0.0. */
function usesProxies(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major >= 24 || (major === 22 && minor >= 21);
}
