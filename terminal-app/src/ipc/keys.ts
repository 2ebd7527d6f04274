/**
 * Who types. A kiosk is touched; a keyboard or a scanner is staff's, at their desk and where they say who they are. What else
 * types may be a plug that calls itself a keyboard.
 */
export type KeyPlace =
  /** A resident's screen, with nothing for staff on it. */
  | 'resident'
  /** One with the way into staff mode. */
  | 'door'
  /** Number and PIN are asked. */
  | 'pin'
  /** Staff help with a purchase. */
  | 'counter'
  /** Staff are in. */
  | 'desk';

/** The part of a stroke that is looked at, as both DOM and Electron can say it. */
export interface Stroke {
  readonly key: string;
  readonly control: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
}

const NONE: ReadonlySet<string> = new Set();
const PIN: ReadonlySet<string> = new Set([...'0123456789', 'Backspace', 'Enter', 'Escape']);
const COUNTER: ReadonlySet<string> = new Set([
  ...['Enter', 'Escape', 'Tab', 'ArrowUp', 'ArrowDown', 'F8', 'F9'],
]);
const DESK: ReadonlySet<string> = new Set([
  ...['Enter', 'Escape', 'Backspace', 'Tab', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown'],
  ...['F1', 'F2', 'F3', 'F4', 'F6', 'F7', 'F8', 'F9'],
]);
const KEYS: Readonly<Record<KeyPlace, ReadonlySet<string>>> = {
  resident: NONE,
  door: new Set(['F9']),
  pin: PIN,
  counter: COUNTER,
  desk: DESK,
};
/** A letter, digit or sign that keyboards and scanners have, or space. */
const PRINTED = /^[ -~]$/u;

/** Whether a stroke does anything there. Chords never do: they are the program's or the system's. */
export function mayPress(place: KeyPlace, { key, control, alt, meta }: Stroke): boolean {
  if (control || alt || meta) return false;
  return KEYS[place].has(key) || (place === 'desk' && PRINTED.test(key));
}

/** Whether any screen takes it: all that the page is given of a keyboard. */
export function mayReachPage(stroke: Stroke): boolean {
  return mayPress('desk', stroke);
}
