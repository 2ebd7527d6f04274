import { describe, expect, it } from 'vitest';
import { kioskMessageFor } from './kiosk-message.ts';

const NOT_YET_USED = {
  screen: 'problem',
  code: 'not-yet-used',
  orderNo: null,
  moneySafe: 'nothing-taken',
  canRetry: false,
} as const;

describe('why a card buys nothing', () => {
  it('is not that it was not used, where its last purchase was taken back: the next act is the same', () => {
    const plain = kioskMessageFor({ ...NOT_YET_USED, staffCode: 'meter.previous-not-inserted' });
    expect(plain.title).toBe('problem.not-yet-used.title');
    const undone = kioskMessageFor({ ...NOT_YET_USED, staffCode: 'meter.undone' });
    expect(undone).toEqual({ ...plain, title: 'undone.title', staffCode: 'meter.undone' });
    expect(undone.todo).toBe('problem.not-yet-used.todo');
  });
});
