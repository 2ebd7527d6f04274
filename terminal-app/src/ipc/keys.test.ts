import { describe, expect, it } from 'vitest';
import { mayPress, mayReachPage, type KeyPlace } from './keys.ts';

const PLACES: readonly KeyPlace[] = ['resident', 'door', 'pin', 'desk'];
const bare = { control: false, alt: false, meta: false };
/** Where a key does something. */
const placesOf = (key: string): KeyPlace[] => PLACES.filter((place) => mayPress(place, { ...bare, key }));

describe('a key', () => {
  it.each([
    ['7', ['pin', 'desk']],
    ['Backspace', ['pin', 'desk']],
    ['Enter', ['pin', 'desk']],
    ['Escape', ['pin', 'desk']],
    ['F9', ['door', 'desk']],
    ['F1', ['desk']],
    ['F8', ['desk']],
    ['a', ['desk']],
    ['~', ['desk']],
    [' ', ['desk']],
    ['Tab', ['desk']],
    ['ArrowDown', ['desk']],
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
