import { sha256Hex } from '../kernel/canonical.ts';
import { networkOf } from '../kernel/network.ts';

/** What can be guessed. */
export type Factor =
  | 'password'
  | 'code'
  | 'recovery-code'
  | 'passkey'
  | 'setup-link'
  | 'invitation'
  | 'break-glass'
  | 'pin'
  | 'enrol-code'
  | 'binding-code'
  | 'proof'
  | 'unlock';

/** Where one more try is counted: at most `max` within `windowMs`. */
export interface GuessWindow {
  readonly key: string;
  readonly max: number;
  readonly windowMs: number;
  /** A right one begins it anew; else it only takes its own try back. */
  readonly resets?: true;
  /** Whose secret, as a digest. */
  readonly about?: string;
}

/** From where somebody tries: an address, and the browser where its user was in before. */
export interface GuessedFrom {
  readonly ip: string;
  readonly device?: string | undefined;
}

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;
const SHIFT_MS = 8 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;

const digest = (text: string): string => sha256Hex(text.toLowerCase());

/** Whose secrets they are, as the windows are kept under; a name that no user has is counted like any other. */
export function aboutUser(name: string): string {
  return `user:${digest(name)}`;
}

/**
 * Of a login. A browser where this user was in before has a window of its own, which no stranger can fill. All others share what is
 * left: by network and name, by network, and by name over all networks.
 */
export function passwordWindows(name: string, { ip, device }: GuessedFrom): GuessWindow[] {
  const about = aboutUser(name);
  if (device !== undefined) return [ownWindow(`password:device:${device}`, about)];
  const network = networkOf(ip);
  return [
    { key: `password:network:${network}`, max: 50, windowMs: QUARTER_MS },
    { key: `password:strangers:${about}`, max: 30, windowMs: QUARTER_MS, about },
    ownWindow(`password:${network}:${about}`, about),
  ];
}

/** Of the code that a login waits for. Who gets here knows the password, so that few are many: six digits, three of them good. */
export function codeWindows(
  factor: Factor,
  { name }: { readonly name: string },
  { device }: Pick<GuessedFrom, 'device'>,
): GuessWindow[] {
  const about = aboutUser(name);
  const whose = device === undefined ? `strangers:${about}` : `device:${device}`;
  return [
    { key: `${factor}:day:${whose}`, max: 30, windowMs: DAY_MS, about },
    ownWindow(`${factor}:${whose}`, about),
  ];
}

/** Of a confirmation in a login that there is: nobody else's tries are counted there. */
export function stepUpWindows(factor: Factor, sessionId: string): GuessWindow[] {
  return [
    { key: `${factor}:login-long:${sessionId}`, max: 30, windowMs: SHIFT_MS },
    { key: `${factor}:login:${sessionId}`, max: 10, windowMs: QUARTER_MS, resets: true },
  ];
}

/** Of letting a user try again, whoever does it. */
export function unlockWindow(name: string): GuessWindow {
  return { key: `unlock:${aboutUser(name)}`, max: 5, windowMs: DAY_MS };
}

/** Of staff at a terminal: who guesses there locks a person there, and everywhere only from several terminals. */
export function pinWindows(person: string, about: string, terminalId: string): GuessWindow[] {
  return [
    { key: `pin:terminal:${terminalId}`, max: 20, windowMs: QUARTER_MS },
    { key: `pin:person:${digest(person)}`, max: 20, windowMs: HOUR_MS, about },
    {
      ...{ key: `pin:${terminalId}:${digest(person)}`, max: 5, windowMs: QUARTER_MS, about },
      resets: true,
    },
  ];
}

/** Of a new terminal's one-time code, 59 bits. */
export function enrolCodeWindows(ip: string): GuessWindow[] {
  return [{ key: `enrol-code:network:${networkOf(ip)}`, max: 20, windowMs: HOUR_MS }];
}

/** Of the link of the first start, 256 bits. */
export function setupWindows(ip: string): GuessWindow[] {
  return [{ key: `setup-link:network:${networkOf(ip)}`, max: 20, windowMs: HOUR_MS }];
}

/** Of a user's one-time link, 256 bits. */
export function invitationWindows(ip: string): GuessWindow[] {
  return [{ key: `invitation:network:${networkOf(ip)}`, max: 20, windowMs: HOUR_MS }];
}

/** Of the sealed code, which is typed at the server. */
export function breakGlassWindows(): GuessWindow[] {
  return [{ key: 'break-glass', max: 5, windowMs: HOUR_MS }];
}

/** Of the code by which a phone takes a household: who guesses is slowed down, never the household. */
export function bindingCodeWindows(payerId: string, ip: string): GuessWindow[] {
  return [
    { key: `binding-code:network:${networkOf(ip)}`, max: 60, windowMs: HOUR_MS },
    { key: `binding-code:payer:${payerId}`, max: 15, windowMs: DAY_MS },
  ];
}

/** Of the digits that a bound phone shows: those tried at one terminal spend them nowhere else. */
export function proofWindows(customer: string, terminalId: string): GuessWindow[] {
  return [
    { key: `proof:terminal:${terminalId}`, max: 20, windowMs: QUARTER_MS },
    { key: `proof:${terminalId}:${digest(customer)}`, max: 5, windowMs: 5 * MINUTE_MS, resets: true },
  ];
}

function ownWindow(key: string, about: string): GuessWindow {
  return { key, max: 10, windowMs: QUARTER_MS, resets: true, about };
}
