import { expect, it } from 'vitest';
import { OFFLINE_CAUSES } from '@bianmin/purchase/api/fleet-kiosks';
import { likelyFault } from './likely-fault.ts';

it('a report begins with what a silence most likely comes from, or with what the kiosk says itself', () => {
  expect(OFFLINE_CAUSES.map((cause) => [cause, likelyFault({ cause, readerTrouble: true })])).toEqual([
    ['reader', 'reader'],
    ['network', 'network'],
    ['unknown', 'other'],
    ['power', 'power'],
    ['blocked', 'other'],
    ['updating', 'other'],
  ]);
  expect(likelyFault({ cause: null, readerTrouble: true })).toBe('reader');
  expect(likelyFault({ cause: null, readerTrouble: false })).toBe('other');
});
