import type { RequestHandler } from 'express';

/**
 * Refuses host names that somebody else's DNS could point here: allowed are IP addresses,
 * `localhost` and names below it, names without a dot (containers), and the names given.
 */
export function guardHost(allowedHosts: readonly string[]): RequestHandler {
  return (req, res, next) => {
    if (isAllowedHost(req.headers.host ?? '', allowedHosts)) {
      next();
      return;
    }
    const message = 'This host name is not allowed: start the simulator with --allow-host NAME.';
    res.status(403).json({ error: 'host_not_allowed', message });
  };
}

/** Refuses what another site's page asks for, and bodies that are not JSON. */
export const guardControl: RequestHandler = (req, res, next) => {
  const refusal = crossSite(req.headers.origin, req.headers.host, req.headers['sec-fetch-site']);
  if (refusal) {
    const message = 'Requests from pages of another site are refused.';
    res.status(403).json({ error: 'cross_site', message });
    return;
  }
  if (['POST', 'PUT', 'PATCH'].includes(req.method) && !isJson(req.headers['content-type'] ?? '')) {
    const message = 'Send JSON with content-type: application/json.';
    res.status(415).json({ error: 'not_json', message });
    return;
  }
  next();
};

/** Whether a Host header names this machine and not a name that somebody else controls. */
export function isAllowedHost(host: string, allowedHosts: readonly string[]): boolean {
  const name = host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  if (name === '' || !/^[a-z0-9._:-]+$/.test(name)) return false;
  if (allowedHosts.some((allowed) => allowed.toLowerCase() === name)) return true;
  return (
    name.endsWith('.localhost') || name.includes(':') || /^\d+(\.\d+){3}$/.test(name) || !name.includes('.')
  );
}

function isJson(contentType: string): boolean {
  return contentType.split(';')[0]?.trim().toLowerCase() === 'application/json';
}

function crossSite(origin: string | undefined, host = '', fetchSite?: unknown): boolean {
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none') return true;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host.toLowerCase();
}
