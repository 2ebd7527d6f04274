import { assetFor } from '../host/assets.ts';
import type { Asset } from '../host/assets.ts';

/** The renderer's own scheme: `file:` would give pages the disk (Electron's security checklist, item 18). */
export const SCHEME = 'bianmin';
export const APP_HOST = 'kiosk';
export const APP_ORIGIN = `${SCHEME}://${APP_HOST}`;
export const APP_URL = `${APP_ORIGIN}/`;

/** The channels between preload and main; nothing else is listened to. */
export const CALL_CHANNEL = 'bianmin:call';
export const EVENT_CHANNEL = 'bianmin:event';

/** Whether a URL is a page of ours. Parsed, since a prefix is easily imitated: `bianmin://kiosk.evil/`. */
export function isOurPage(url: string): boolean {
  const parsed = parseUrl(url);
  return parsed !== undefined && parsed.protocol === `${SCHEME}:` && parsed.host === APP_HOST;
}

/** A frame may go nowhere but to our own page: no link, redirect or script leads out of the kiosk. */
export function mayNavigate(url: string): boolean {
  return isOurPage(url);
}

/** What `setWindowOpenHandler` answers, whatever is asked: a kiosk has one window. */
export function windowOpenAnswer(): { action: 'deny' } {
  return { action: 'deny' };
}

/** No page is given any permission; readers are the host's, on the other side of the map. */
export function mayHave(): boolean {
  return false;
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

function parseUrl(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}

/** Every web preference that matters, said aloud, whatever this Electron's defaults are. */
export const WEB_PREFERENCES = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
  devTools: false,
} as const;

/** What decides whether an update that is downloaded may be installed now. */
export interface UpdateMoment {
  /** A card is in, an order is open, or a card is being written. */
  readonly busy: boolean;
  /** How long nobody has been there, ms. */
  readonly idleMs: number;
  /** A claim that the server has not acknowledged: it would survive, but not be delivered meanwhile. */
  readonly undelivered: number;
  /** Local hour, 0 to 23. */
  readonly hour: number;
}

/** Nobody for so long, ms. */
export const UPDATE_IDLE_MS = 10 * 60_000;
/** People use a kiosk from 8 to 20; outside that it may restart as soon as it is quiet. */
const OPEN_FROM_HOUR = 8;
const OPEN_UNTIL_HOUR = 20;
/** Within opening hours it must be quieter. */
const UPDATE_IDLE_OPEN_MS = 60 * 60_000;

/** Never inside a purchase, never before every claim is delivered, and when nobody is about. */
export function mayInstallUpdate(moment: UpdateMoment): boolean {
  if (moment.busy || moment.undelivered > 0) return false;
  const isOpen = moment.hour >= OPEN_FROM_HOUR && moment.hour < OPEN_UNTIL_HOUR;
  return moment.idleMs >= (isOpen ? UPDATE_IDLE_OPEN_MS : UPDATE_IDLE_MS);
}
