import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ReconcileError } from '../error.ts';
import { compareFiles } from './engine.ts';
import type { Side } from './layout.ts';
import {
  channelLine,
  compareTexts,
  gridLine,
  orderLine,
  orderNo,
  soldFields,
} from '../../../testing/reconcile-texts.ts';

const MIB = 1 << 20;
const textOf = (line: string): string => line.trimEnd();

describe('the totals of a file', () => {
  it('are counts and sums by the first letter of what a line is', async () => {
    const { totals } = await compareTexts({
      channel: channelLine(1) + channelLine(2, 'paid', 7) + channelLine(1, 'refund-done', 300),
      orders: orderLine(1) + orderLine(2, ',,,', soldFields(2)),
      grid: gridLine(1) + gridLine(1, 'reversed', 5000) + gridLine(2, 'sold', 1),
    });
    expect(totals).toEqual({
      channel: { lines: 3, fen: { p: 5007, r: 300 }, count: { p: 2, r: 1 } },
      orders: { lines: 2, fen: { p: 5000 }, count: { p: 1 } },
      grid: { lines: 3, fen: { s: 5001, r: 5000 }, count: { s: 2, r: 1 } },
    });
  });

  it('are of all lines of a file that is larger than what is read at once', async () => {
    const items = Array.from({ length: 12_000 }, (_, n) => `p${'x'.repeat(n % 150)}${n}`);
    const text = items.map((item, n) => channelLine(n, 'paid', 1, item)).join('');
    expect(text.length).toBeGreaterThan(1.5 * MIB);
    const orders = items.map((item, n) => orderLine(n, `wechat/${item},42,1,paid`));
    const gone = [0, 5000, 9999, 11_999];
    const { totals, uneven } = await compareTexts({
      channel: text,
      orders: orders.map((line, n) => (gone.includes(n) ? '' : line)).join(''),
    });
    expect(totals.channel).toEqual({ lines: 12_000, fen: { p: 12_000 }, count: { p: 12_000 } });
    expect(
      uneven
        .flat()
        .map(({ text: line }) => Number(line.slice(10, 18)))
        .toSorted((a, b) => a - b),
    ).toEqual(gone);
  });

  it('are of each line, wherever one ends beside the end of what is read at once', async () => {
    const fill = gridLine(0, 'credited');
    const lines = Math.floor(MIB / fill.length) - 1;
    const left = MIB - lines * fill.length - fill.length;
    for (const end of [-1, 0, 1]) {
      const text = fill.repeat(lines) + fill.replace(',65,', `,${'6'.repeat(2 + left + end)},`);
      expect(text.length).toBe(MIB + end);
      expect((await compareTexts({ grid: text })).totals.grid.lines).toBe(lines + 1);
      expect((await compareTexts({ grid: text + fill })).totals.grid.lines).toBe(lines + 2);
    }
  });
});

describe('a file that cannot be used', () => {
  const refused = (side: Side, why: string) => ({
    code: 'reconcile.bill-unsound',
    message: `The ${side} file ${why}. Fetch it again; if that does not help, ask its maker.`,
    context: { side },
  });

  it.each<[Partial<Record<Side, string>>, Side, string]>([
    [{ channel: channelLine(1).replace('\n', ',x\n') }, 'channel', 'has a line of other columns'],
    [{ orders: channelLine(1) }, 'orders', 'has a line of other columns'],
    [{ grid: orderLine(1) }, 'grid', 'has a line of other columns'],
    [{ grid: '\n' }, 'grid', 'has a line of other columns'],
    [{ channel: channelLine(1, 'paid', '-5') }, 'channel', 'has an amount that is none'],
    [{ grid: gridLine(1, 'sold', '50x') }, 'grid', 'has an amount that is none'],
    [{ channel: channelLine(1, '支付') }, 'channel', 'has an amount that is none'],
    [{ orders: textOf(orderLine(1)) }, 'orders', 'ends in the middle of a line'],
    [{ grid: gridLine(1) + 'x' }, 'grid', 'ends in the middle of a line'],
    [{ channel: 'x'.repeat(5000) }, 'channel', 'has a line without an end'],
    [{ channel: channelLine(1) + 'x'.repeat(4097) }, 'channel', 'has a line without an end'],
    [{ channel: channelLine(1) + 'x'.repeat(4096) }, 'channel', 'ends in the middle of a line'],
  ])('says whose it is and why (%#)', async (texts, side, why) => {
    const tried = compareTexts(texts);
    await expect(tried).rejects.toThrow(ReconcileError);
    await expect(tried).rejects.toMatchObject(refused(side, why));
  });

  it('is not one whose line has no amount and means nothing to a pair', async () => {
    const { uneven, totals } = await compareTexts({
      channel: `${orderNo(1)},,,,,,\n`,
      orders: orderLine(2, ',,,'),
    });
    expect([uneven, totals.channel.count]).toEqual([[], {}]);
  });

  it('is one that is not there', async () => {
    const none = join(tmpdir(), `bianmin-engine-${randomUUID()}`, 'none');
    const paths = { channel: none, orders: none, grid: none };
    await expect(compareFiles(paths)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('differs in more than a person could work on', async () => {
    const text = Array.from({ length: 5 }, (_, n) => channelLine(n)).join('');
    expect((await compareTexts({ channel: text }, { maxUneven: 5 })).uneven).toHaveLength(5);
    await expect(compareTexts({ channel: text }, { maxUneven: 4 })).rejects.toMatchObject({
      code: 'reconcile.too-many',
      message: 'More than 4 lines differ. Check that each file is complete and of this day.',
    });
  });
});
