import fc from 'fast-check';
import { expect, it } from 'vitest';
import { modelOf, modelOfName } from '../reader/models.ts';
import { deviceText } from './device-text.ts';

it.each([
  ['ACR38U-CCID', 'ACR38U-CCID'],
  [' 读卡器\u0000 2 ', '读卡器 2'],
  ['\u001b]0;owned\u0007\u001b[2Jreader', ']0;owned [2Jreader'],
  ['a\u202Etxt.exe\r\nfatal: x', 'a txt.exe fatal: x'],
  ['\ud800', ''],
  ['x'.repeat(64), 'x'.repeat(64)],
  ['x'.repeat(65), 'x'.repeat(64)],
])('%j is shown as %j', (said, shown) => {
  expect(deviceText(said)).toBe(shown);
});

it('shows nothing that a terminal obeys, whatever a plug says', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (said) => {
      const shown = deviceText(said);
      expect(shown).not.toMatch(/\p{C}/u);
      expect([...shown].length).toBeLessThanOrEqual(64);
      expect(deviceText(shown)).toBe(shown);
    }),
  );
});

it('names an unknown reader by it, over USB and by the service', () => {
  const device = { vendorId: 1, productId: 2, product: '\u001b[31mred' };
  expect(modelOf(device).name).toBe('[31mred');
  expect(modelOf({ ...device, product: '\u0007' }).name).toBe('CCID');
  expect(modelOfName('\u001b[31mred 00 00').name).toBe('[31mred 00 00');
});
