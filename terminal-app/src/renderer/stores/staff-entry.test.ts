import { effectScope } from 'vue';
import { describe, expect, it } from 'vitest';
import { useStaffEntry } from './staff-entry.ts';

function entry(options: Parameters<typeof useStaffEntry>[1] = {}) {
  const sent: { staff: string; pin: string }[] = [];
  const scope = effectScope();
  const keys = scope.run(() => useStaffEntry((each) => sent.push(each), options));
  if (keys === undefined) throw new Error('The scope ran nothing.');
  const type = (digits: string): void => {
    for (const digit of digits) keys.press(digit);
  };
  return { sent, scope, keys, type };
}

describe('what staff type', () => {
  it('is their number, then their PIN, of which nothing is kept once it is sent', () => {
    const { sent, keys, type } = entry();
    type('10481');
    expect([keys.field.value, keys.complete.value]).toEqual(['staff', false]);
    keys.submit();
    type('7274913');
    expect([keys.staff.value, keys.field.value, keys.typed.value]).toEqual(['104817', 'pin', 6]);
    type('99');
    keys.submit();
    expect(sent).toEqual([{ staff: '104817', pin: '274913' }]);
    expect([keys.typed.value, keys.complete.value, keys.field.value]).toEqual([0, false, 'pin']);
    keys.submit();
    expect(sent).toHaveLength(1);
    // Nothing that a screen could draw holds it.
    const shown = Object.values(keys).map((each) => (typeof each === 'function' ? '' : String(each.value)));
    expect(shown).not.toContain('274913');
  });

  it('is the PIN alone where their number is known', () => {
    const { sent, keys, type } = entry({ pinOnly: true });
    type('27491');
    keys.erase();
    for (let n = 0; n < 6; n += 1) keys.erase();
    expect([keys.field.value, keys.typed.value]).toEqual(['pin', 0]);
    type('274913');
    expect(keys.complete.value).toBe(true);
    keys.submit();
    expect(sent).toEqual([{ staff: '', pin: '274913' }]);
    expect([keys.typed.value, keys.complete.value, keys.field.value]).toEqual([0, false, 'pin']);
  });

  it('is taken back digit by digit, over both', () => {
    const { keys, type } = entry();
    type('10481727');
    for (let n = 0; n < 3; n += 1) keys.erase();
    expect([keys.staff.value, keys.typed.value, keys.field.value]).toEqual(['10481', 0, 'staff']);
  });

  it('leaves no PIN behind when the screen is left', () => {
    const { keys, scope, type } = entry();
    type('104817274');
    scope.stop();
    keys.field.value = 'pin';
    type('913');
    keys.submit();
    expect(keys.complete.value).toBe(false);
  });
});
