import { describe, expect, it } from 'vitest';
import { toHex } from '../../bytes/hex.ts';
import type { CardSession } from '../../reader/slot.ts';
import { parseApdu } from '../../framing/apdu.ts';
import { INS } from './commands.ts';
import { openCpuCard, probeDialect } from './dialect-probe.ts';
import { D1, D2, D3, DIALECTS } from './dialects.ts';
import { type CpuDialect, zoneOf } from './dialect.ts';

/** `3B 69 00 00 80` and a serial: what dialect D3 has; the others have it too, and keep theirs elsewhere. */
const ATR = Uint8Array.of(0x3b, 0x69, 0x00, 0x00, 0x80, 1, 2, 3, 4, 5, 6, 7, 8);

interface CardInit {
  readonly atr?: Uint8Array;
  /** Lengths by zone. */
  readonly files: Readonly<Record<string, number>>;
  /** Instead of an answer to READ BINARY, for zones that are asked for. */
  readonly refuses?: Readonly<Record<string, number>>;
}

/** A card that has files of some lengths and does nothing else. Keeps the instructions that were sent. */
function cardOf({ atr = ATR, files, refuses = {} }: CardInit): { session: CardSession; sent: number[] } {
  const sent: number[] = [];
  let directory: string | undefined = 'mf';
  const answer = (sw: number, data: readonly number[] = []): Promise<Uint8Array> =>
    Promise.resolve(Uint8Array.of(...data, sw >> 8, sw & 0xff));
  const session: CardSession = {
    atr,
    transmit(bytes) {
      const apdu = parseApdu(bytes);
      if (apdu === undefined) throw new Error(`no command: ${toHex(bytes)}`);
      sent.push(apdu.ins);
      if (apdu.ins === INS.select) {
        directory = { '3F00': 'mf', DF01: 'df01' }[toHex(apdu.data)];
        return answer(Object.keys(files).some((zone) => zone.startsWith(`${directory}:`)) ? 0x9000 : 0x6a82);
      }
      const zone = `${directory}:${(apdu.p1 & 0x1f).toString(16).padStart(2, '0')}`;
      if (refuses[zone] !== undefined) return answer(refuses[zone]);
      const length = files[zone];
      if (length === undefined) return answer(0x6a82);
      return apdu.p2 < length ? answer(0x9000, [0xaa]) : answer(0x6b00);
    },
    end: () => Promise.resolve(),
  };
  return { session, sent };
}

const filesOf = (dialect: CpuDialect): Record<string, number> =>
  Object.fromEntries(dialect.files.map((file) => [zoneOf(file), file.length]));

describe('finding the dialect of a card', () => {
  it.each(DIALECTS.map((dialect) => [dialect.id, dialect] as const))(
    'knows a card of %s',
    async (_id, dialect) => {
      const { session } = cardOf({ files: filesOf(dialect) });
      expect(await probeDialect(session)).toBe(dialect);
    },
  );

  it.each(DIALECTS.map((dialect) => [dialect.id, dialect] as const))(
    'knows a card of %s that has other files besides',
    async (_id, dialect) => {
      const files = { 'mf:01': 39, 'mf:02': 10, 'mf:19': 9, 'df01:0a': 100, ...filesOf(dialect) };
      expect(await probeDialect(cardOf({ files }).session)).toBe(dialect);
    },
  );

  it('sends nothing but SELECT and READ BINARY, so that no try of a key can be lost', async () => {
    for (const files of [...DIALECTS.map(filesOf), {}, { 'mf:19': 9 }]) {
      const { session, sent } = cardOf({ files });
      await probeDialect(session).catch(() => undefined);
      expect(sent.length).toBeGreaterThan(0);
      expect(sent.filter((ins) => ins !== INS.select && ins !== INS.readBinary)).toEqual([]);
      // Two questions a file, three directories entered at most.
      expect(sent.length).toBeLessThan(32);
    }
  });

  it.each([
    ['has no such directory', {}],
    ['has a file that ends too early', { ...filesOf(D1), 'df01:01': 44 }],
    ['has a file that goes on', { ...filesOf(D1), 'df01:02': 12 }],
    ['lacks a file', Object.fromEntries(Object.entries(filesOf(D2)).filter(([zone]) => zone !== 'df01:06'))],
  ])('is left alone as unknown where it %s', async (_what, files) => {
    await expect(probeDialect(cardOf({ files }).session)).rejects.toMatchObject({ code: 'chip.unknown' });
  });

  it('leaves a card alone as ambiguous where what would tell is not said', async () => {
    const refuses = { 'df01:03': 0x6982, 'df01:04': 0x6982 };
    const { session } = cardOf({ files: filesOf(D1), refuses });
    // D3 knows nothing of the MF, and its tariffs are the only other difference.
    await expect(probeDialect(session)).rejects.toMatchObject({
      code: 'chip.ambiguous',
      context: { dialects: 'D1 D3' },
    });
  });

  it('does not think of a dialect whose serial the answer to reset has no room for', async () => {
    const { session } = cardOf({ atr: Uint8Array.of(0x3b, 0x00), files: filesOf(D3) });
    await expect(probeDialect(session)).rejects.toMatchObject({ code: 'chip.unknown' });
  });

  it('opens a driver that reads on, whatever was selected last', async () => {
    const { session, sent } = cardOf({ files: filesOf(D3) });
    const driver = await openCpuCard(session);
    expect(driver.dialect).toBe(D3);
    expect(toHex(await driver.readSerial())).toBe('0102030405060708');
    sent.length = 0;
    await driver.read({ zone: 'df01:02', offset: 0, length: 1 });
    expect(sent).toEqual([INS.select, INS.readBinary]);
  });
});
