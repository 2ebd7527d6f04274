import { describe, expect, it } from 'vitest';
import { mayPress, mayReachPage, type KeyPlace } from './keys.ts';

const PLACES: readonly KeyPlace[] = ['resident', 'door', 'pin', 'counter', 'desk'];
const bare = { control: false, alt: false, meta: false };
/** Where a key does something. */
const placesOf = (key: string): KeyPlace[] => PLACES.filter((place) => mayPress(place, { ...bare, key }));

describe('a key', () => {
  it.each([
    ['7', ['pin', 'desk']],
    ['Backspace', ['pin', 'desk']],
    ['Enter', ['pin', 'counter', 'desk']],
    ['Escape', ['pin', 'counter', 'desk']],
    ['F9', ['door', 'counter', 'desk']],
    ['F1', ['desk']],
    ['F6', ['desk']],
    ['F7', ['desk']],
    ['F8', ['counter', 'desk']],
    ['a', ['desk']],
    ['~', ['desk']],
    [' ', ['desk']],
    ['Tab', ['counter', 'desk']],
    ['ArrowDown', ['counter', 'desk']],
    ['PageDown', ['desk']],
    ['F5', []],
    ['F10', []],
    ['F11', []],
    ['F12', []],
    ['ContextMenu', []],
    ['BrowserBack', []],
    ['Process', []],
    ['Dead', []],
    ['é', []],
    ['12', []],
    ['', []],
  ])('%s does something at %j', (key, places) => {
    expect(placesOf(key)).toEqual(places);
    expect(mayReachPage({ ...bare, key })).toBe(places.includes('desk'));
  });

  it.each(['control', 'alt', 'meta'])('does nothing anywhere while %s is held', (held) => {
    for (const key of ['7', 'a', 'F9', 'Enter', 'r', 'w']) {
      const stroke = { ...bare, key, [held]: true };
      expect(PLACES.filter((place) => mayPress(place, stroke))).toEqual([]);
      expect(mayReachPage(stroke)).toBe(false);
    }
  });
});
