import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes/hex.ts';
import { openCpuCard } from '../chip/cpu/dialect-probe.ts';
import { D1, D2, D3, DIALECTS } from '../chip/cpu/dialects.ts';
import { type DescribedDialect, zoneOf } from '../chip/cpu/dialect.ts';
import { tripleDes } from './node/triple-des.ts';
import type { CardSession } from '../reader/slot.ts';
import { formatTranscript, parseTranscript } from '../transcript/format.ts';
import { ReplaySession } from '../transcript/player.ts';
import { RecordingSession } from '../transcript/recorder.ts';
import { SimulatedCpuCard } from './chips/cpu/card.ts';
import { DirectSession } from './direct-session.ts';
import { encodeParameters, encodeReturnData } from './meter-layout.ts';
import { encodePurse } from './meter-purse.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/transcripts');
const SERIAL = fromHex('6501000000000042');
const METER_NO = '001228646501';
const CUSTOMER_NO = '650100004321';

const pathOf = (dialect: DescribedDialect): string =>
  join(FOLDER, `cpu-${dialect.id.toLowerCase()}-dialect.json`);

/** A card as its meter left it after seven purchases. */
function cardOf(dialect: DescribedDialect): SimulatedCpuCard {
  const returned = encodeReturnData({
    ...{ currentRatio: 1, voltageRatio: 1, meterNo: METER_NO, customerNo: CUSTOMER_NO, remainingFen: 704 },
    ...{ overdraftFen: 0, count: 7, illegalCards: 0, writtenAt: '2611240930' },
  });
  const zero = new Uint8Array(16);
  return new SimulatedCpuCard({
    cipher: tripleDes,
    keys: { internal: zero, external: zero, mac: zero },
    dialect,
    files: {
      'mf:19': Uint8Array.of(0, ...SERIAL),
      'df01:01': encodeParameters({
        ...{ updateFlags: 0x80, rateSwitchTime: '2601010000', alarm1Fen: 2000, alarm2Fen: 500 },
        ...{ currentRatio: 1, voltageRatio: 1, meterNo: METER_NO, customerNo: CUSTOMER_NO, cardType: 2 },
      }),
      'df01:02': encodePurse({ amountFen: 10_000, count: 7 }),
      [dialect.fields.returnedCount.zone]: returned,
    },
    ...(dialect.serial.in === 'atr' ? { atrSerial: SERIAL } : {}),
  });
}

/** Finds the dialect and reads all there is. */
async function readAll(session: CardSession): Promise<{ readonly dialect: string; readonly serial: string }> {
  const driver = await openCpuCard(session);
  const { dialect } = driver;
  for (const file of dialect.files) await driver.read({ zone: zoneOf(file), offset: 0, length: file.length });
  const fields = DIALECTS.find(({ id }) => id === dialect.id)?.fields;
  if (fields === undefined) throw new Error(`${dialect.id} is not described`);
  expect(toHex(await driver.read(fields.meterNo))).toBe(METER_NO);
  expect(toHex(await driver.read(fields.returnedCount))).toBe('00000007');
  return { dialect: dialect.id, serial: toHex(await driver.readSerial()) };
}

async function record(dialect: DescribedDialect): Promise<string> {
  const session = new RecordingSession(new DirectSession(cardOf(dialect)));
  await readAll(session);
  return formatTranscript({
    format: 'bianmin-transcript/1',
    provenance: {
      reader: 'none: the simulated card itself',
      model: 'direct-session',
      driven: 'simulated',
      chip: 'CPU',
      date: '2026-11-25',
      by: 'shared/card/src/testing/golden-dialects.test.ts',
      note: `Dialect ${dialect.id} found by probing, then every file read; 61 xx and 6C xx are dealt with below.`,
    },
    memoryReader: {},
    atr: session.atrHex,
    exchanges: [...session.exchanges],
  });
}

describe.each([D1, D2, D3].map((dialect) => [dialect.id, dialect] as const))(
  'a card of %s',
  (id, dialect) => {
    it('is found and read by what was always sent (UPDATE_FIXTURES=1 accepts a change)', async () => {
      const now = await record(dialect);
      if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(pathOf(dialect), now);
      expect(now).toBe(readFileSync(pathOf(dialect), 'utf8'));
    });

    it('plays from its recording, and nothing is left over', async () => {
      const session = new ReplaySession(parseTranscript(readFileSync(pathOf(dialect), 'utf8')));
      expect(await readAll(session)).toEqual({ dialect: id, serial: toHex(SERIAL) });
      expect(() => {
        session.assertAllPlayed();
      }).not.toThrow();
    });
  },
);
