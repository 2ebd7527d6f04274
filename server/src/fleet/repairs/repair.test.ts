import { describe, expect, it } from 'vitest';
import { done, handed, noted, reported, type Repair } from './repair.ts';

const [ANNA, BOTA] = [
  { id: 'u-anna', name: 'anna' },
  { id: 'u-bota', name: 'bota' },
];
const terminal = { _id: 't1', name: 'Kiosk 1', address: '一楼大厅', orgPath: ['province', 'c1'] };
const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 1, 4, minute));
const says = (minute: number, text: string, by = ANNA) => ({ by, at: at(minute), text });
const fresh = (): Repair =>
  reported(terminal, null, { ...says(0, 'The reader blinks red.'), fault: 'reader' });

describe('a repair', () => {
  it('begins with what was reported, where the terminal stands then', () => {
    expect(fresh()).toEqual({
      ...{ _id: 't1-1', terminalId: 't1', no: 1, name: 'Kiosk 1', address: '一楼大厅' },
      ...{ orgPath: ['province', 'c1'], fault: 'reader', status: 'open', owner: null },
      steps: [{ did: 'reported', by: ANNA, at: at(0), text: 'The reader blinks red.' }],
      ...{ openedAt: at(0), updatedAt: at(0), version: 1 },
    });
    const bare = reported({ _id: 't1', name: 'k' }, { no: 4 }, { ...says(0, 'Again.'), fault: 'other' });
    expect([bare._id, Object.keys(bare)]).toEqual([
      't1-5',
      expect.not.arrayContaining(['address', 'orgPath']),
    ]);
  });

  it('is taken, handed over and ended, and has each step', () => {
    const taken = handed(fresh(), ANNA, says(1, ''));
    const over = handed(taken, BOTA, says(2, ''));
    const ended = done(noted(over, says(3, 'A new cable.', BOTA)), says(4, 'Works.', BOTA));
    expect([taken.owner, over.owner, ended.owner, ended.status]).toEqual([ANNA, BOTA, BOTA, 'done']);
    expect(ended.steps.map(({ did, by, to, text }) => [did, by.name, to?.name, text])).toEqual([
      ['reported', 'anna', undefined, 'The reader blinks red.'],
      ['taken', 'anna', undefined, ''],
      ['handed', 'anna', 'bota', ''],
      ['noted', 'bota', undefined, 'A new cable.'],
      ['done', 'bota', undefined, 'Works.'],
    ]);
    expect([ended.version, ended.updatedAt]).toEqual([5, at(4)]);
  });

  it('is not changed by being given to whom it has', () => {
    const taken = handed(fresh(), ANNA, says(1, ''));
    expect(handed(taken, ANNA, says(2, '', BOTA))).toBe(taken);
  });

  it('has words that are sent again, as after a lost answer, once', () => {
    const once = noted(fresh(), says(1, 'A new cable.'));
    expect(noted(once, says(2, 'A new cable.'))).toBe(once);
    expect(noted(fresh(), says(2, 'The reader blinks red.')).steps).toHaveLength(1);
    expect(noted(once, says(2, 'A new cable.', BOTA)).steps).toHaveLength(3);
  });

  it('that is over takes notes alone', () => {
    const ended = done(fresh(), says(1, 'Works.'));
    expect(noted(ended, says(2, 'It was the cable.')).status).toBe('done');
    expect(done(ended, says(2, 'Works.'))).toBe(ended);
    for (const again of [() => done(ended, says(2, 'x')), () => handed(ended, ANNA, says(2, ''))]) {
      expect(again).toThrow(expect.objectContaining({ code: 'repair.done' }));
    }
  });

  it('stays small: how it began, and the last of what followed', () => {
    let repair = fresh();
    for (let n = 0; n < 250; n += 1) repair = noted(repair, says(n, `note ${n}`));
    expect([
      repair.steps.length,
      repair.steps[0]?.did,
      repair.steps[1]?.text,
      repair.steps.at(-1)?.text,
    ]).toEqual([200, 'reported', 'note 51', 'note 249']);
  });
});
