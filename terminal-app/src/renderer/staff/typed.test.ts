import { describe, expect, it } from 'vitest';
import { keyOf, useTyped } from './typed.ts';

function rig() {
  const found: string[] = [];
  const typed = useTyped((key) => found.push(key));
  const press = (key: string, over: object = {}): boolean =>
    typed.press({ key, ctrlKey: false, altKey: false, metaKey: false, ...over });
  return { found, typed, press };
}

describe('what is typed or scanned', () => {
  it('is looked for with Enter, and then forgotten', () => {
    const { found, typed, press } = rig();
    for (const key of 'R7K2-9QXD') expect(press(key)).toBe(true);
    expect(typed.text.value).toBe('R7K2-9QXD');
    expect(press('Enter')).toBe(true);
    expect([found, typed.text.value]).toEqual([['R7K2-9QXD'], '']);
  });

  it('leaves keys alone that are for a button: Enter and Escape of nothing, blanks, shortcuts, arrows', () => {
    const { found, press } = rig();
    expect(['Enter', 'Escape', 'Backspace', ' ', 'Tab', 'ArrowDown', 'F1'].map((key) => press(key))).toEqual(
      Array(7).fill(false),
    );
    expect(press('c', { ctrlKey: true })).toBe(false);
    expect(found).toEqual([]);
  });

  it('is taken back by Backspace, as a whole by Escape, and is never longer than a key', () => {
    const { typed, press } = rig();
    for (const key of '123') press(key);
    press('Backspace');
    expect(typed.text.value).toBe('12');
    expect(press('Escape')).toBe(true);
    expect(typed.text.value).toBe('');
    for (let n = 0; n < 100; n += 1) press('1');
    expect(typed.text.value).toHaveLength(64);
  });

  it('of a code that is an address is its last part', () => {
    expect(keyOf('https://pay.example/r/R7K2-9QXD?x=1')).toBe('R7K2-9QXD');
    expect(keyOf('R7K2-9QXD')).toBe('R7K2-9QXD');
    expect(keyOf('https://pay.example/')).toBe('https://pay.example/');
  });
});
