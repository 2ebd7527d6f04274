/** Where releases are asked for: the address that was set, or the server's own. */
export interface FeedSettings {
  readonly updateUrl: string | undefined;
  readonly serverUrl: string;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The feed's address, ending with `/`; undefined where none may be used. A release is a program, and on Linux nothing but the
 * connection says whose: it must be https, except to this machine.
 */
export function updateFeed({ updateUrl, serverUrl }: FeedSettings): string | undefined {
  const address = updateUrl || `${serverUrl.replace(/\/+$/, '')}/updates/kiosk/`;
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname } = new URL(address);
  const safe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
  return safe ? address.replace(/\/*$/, '/') : undefined;
}

/** How this machine's installation is replaced; undefined: not by the program itself (a deb is its package manager's). */
export function installWay(machine: {
  readonly platform: string;
  readonly isPackaged: boolean;
  /** The AppImage that runs, from its own environment. */
  readonly appImage: string | undefined;
}): 'nsis' | 'app-image' | undefined {
  if (!machine.isPackaged) return undefined;
  if (machine.platform === 'win32') return 'nsis';
  return machine.platform === 'linux' && machine.appImage ? 'app-image' : undefined;
}

/** How often the feed is asked, ms; kiosks of a county must not ask at once, so `chance` (0 to 1) spreads them. */
export const FEED_EVERY_MS = 30 * 60_000;
export function nextAskIn(chance: number): number {
  return FEED_EVERY_MS * (0.5 + chance);
}
