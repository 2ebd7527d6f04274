/** As long as a name on a screen or in a log may be. */
const LONGEST = 64;

/**
 * What a device says of itself, fit to be shown: any plug can say anything. Control characters and those that turn the
 * direction of text are left out, since a terminal or a log would obey them; empty where nothing is left.
 */
export function deviceText(text: string): string {
  // \p{C}: control, format (direction, joiners), surrogates without their other half, private and unassigned.
  const plain = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return [...plain].slice(0, LONGEST).join('').trim();
}
