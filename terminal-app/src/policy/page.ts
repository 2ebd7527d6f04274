import { assetFor } from './assets.ts';
import type { Asset } from './assets.ts';
import { securityHeaders } from './csp.ts';

/** The renderer's own scheme: `file:` would give pages the disk (Electron's security checklist, item 18). */
export const SCHEME = 'bianmin';
const APP_HOST = 'kiosk';
export const APP_URL = `${SCHEME}://${APP_HOST}/`;

/** Whether a URL is a page of ours. Parsed, since a prefix is easily imitated: `bianmin://kiosk.evil/`. */
function isOurPage(url: string): boolean {
  const parsed = parseUrl(url);
  return parsed !== undefined && parsed.protocol === `${SCHEME}:` && parsed.host === APP_HOST;
}

/** A frame may go nowhere but to our own page: no link, redirect or script leads out of the kiosk. */
export function mayNavigate(url: string): boolean {
  return isOurPage(url);
}

/** What the page's session may ask of any network: nothing but our own files, and pictures that are in them. */
export function mayRequest(url: string): boolean {
  return isOurPage(url) || url.startsWith('data:') || url.startsWith('blob:');
}

/** What `setWindowOpenHandler` answers, whatever is asked: a kiosk has one window. */
export function windowOpenAnswer(): { action: 'deny' } {
  return { action: 'deny' };
}

/** What is known of the frame that sent a message. */
export interface SenderFrame {
  readonly url: string;
  /** Null at the top. */
  readonly parent: unknown;
}

/** A message counts only from the top frame of our own page: frames inside it can send too. */
export function isOurSender(frame: SenderFrame | null): boolean {
  return frame !== null && frame.parent === null && isOurPage(frame.url);
}

/** The file that a request of our scheme means, or undefined: 404. */
export function resolveRequest(rendererDir: string, url: string, method: string): Asset | undefined {
  const parsed = parseUrl(url);
  if (parsed === undefined || method !== 'GET' || !isOurPage(url)) return undefined;
  return assetFor(rendererDir, parsed.pathname);
}

/**
 * What every answer of our scheme carries. The `sandbox` directive leaves out modals, so that `print()`, `alert()` and
 * their like do nothing, and pop-ups, downloads, pointer lock and forms (HTML, "sandboxing flag set").
 */
export function pageHeaders(type: string): Record<string, string> {
  const headers = securityHeaders();
  const policy = `${headers['content-security-policy'] ?? ''}; sandbox allow-scripts allow-same-origin`;
  return { ...headers, 'content-security-policy': policy, 'content-type': type };
}

function parseUrl(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
