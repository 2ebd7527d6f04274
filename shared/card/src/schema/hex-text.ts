import { string, type Text } from './kinds.ts';

/** Upper-case hex of `min` to `max` bytes. */
export function hexText(min: number, max: number = min): Text {
  return string().regex(new RegExp(`^(?:[0-9A-F]{2}){${min},${max}}$`));
}
