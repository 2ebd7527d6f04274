const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Whether releases may come from this server: a program is fetched over https only, or from this machine. */
export function isSafeSource(serverUrl: string): boolean {
  if (!URL.canParse(serverUrl)) return false;
  const { protocol, hostname } = new URL(serverUrl);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
}

/** The address of an offer's feed, ending with `/`. */
export function feedOf(serverUrl: string, path: string): string {
  return serverUrl.replace(/\/+$/, '') + path;
}

export type InstallWay = 'nsis' | 'app-image';

/** Which releases fit this way. */
export const KIND_OF = {
  nsis: 'kiosk-win',
  'app-image': 'kiosk-linux',
} as const satisfies Readonly<Record<InstallWay, string>>;

/** How this machine's installation is replaced; undefined: not by the program itself (a deb is its package manager's). */
export function installWay(machine: {
  readonly platform: string;
  readonly isPackaged: boolean;
  /** The AppImage that runs, from its own environment. */
  readonly appImage: string | undefined;
}): InstallWay | undefined {
  if (!machine.isPackaged) return undefined;
  if (machine.platform === 'win32') return 'nsis';
  return machine.platform === 'linux' && machine.appImage ? 'app-image' : undefined;
}

/** How often the server is asked, ms; kiosks of a county must not ask at once, so `chance` (0 to 1) spreads them. */
export const FEED_EVERY_MS = 30 * 60_000;
export function nextAskIn(chance: number): number {
  return FEED_EVERY_MS * (0.5 + chance);
}

/** A release that has just come up, or was given up, is told of within this, ms: a county's kiosks come up at once after a power cut. */
const TOLD_WITHIN_MS = 5 * 60_000;
export function firstAskIn(chance: number): number {
  return TOLD_WITHIN_MS * chance;
}
