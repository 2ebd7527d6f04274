import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodedError } from '../../errors.ts';
import { tripleDes } from '../../testing/node/triple-des.ts';
import type { CardSession } from '../../reader/slot.ts';
import { SimulatedCpuCard } from '../../testing/chips/cpu/card.ts';
import { runs } from '../../testing/property-runs.ts';
import { probeDialect } from './dialect-probe.ts';
import { plainCommand } from './key-guard.ts';
import { D1, D2, D3 } from './dialects.ts';
import { type DescribedDialect } from './dialect.ts';
import { CpuDriver } from './driver.ts';

/** A card that answers so, again and again. */
function sessionOf(answers: readonly Uint8Array[]): CardSession {
  let next = 0;
  return {
    atr: new Uint8Array(13),
    transmit: () => Promise.resolve((answers[next++ % answers.length] ?? new Uint8Array()).slice()),
    end: () => Promise.resolve(),
  };
}

/** Any bytes, or any data with a status word that means something. */
const answer = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(
      fc.uint8Array({ maxLength: 260 }),
      fc.constantFrom(0x90, 0x61, 0x62, 0x63, 0x69, 0x6a, 0x6b, 0x6c),
      fc.nat(255),
    )
    .map(([data, sw1, sw2]) => Uint8Array.of(...data, sw1, sw1 === 0x90 ? 0 : sw2)),
);

const DIALECT = fc.constantFrom(D1, D2, D3, { ...D1, tellsTries: true });

const WORK: readonly ((driver: CpuDriver, dialect: DescribedDialect) => Promise<unknown>)[] = [
  (driver) => driver.read({ zone: 'df01:03', offset: 0, length: 199 }),
  (driver) => driver.readSerial(),
  (driver, { fields }) => driver.read(fields.meterNo),
  (driver) => driver.update({ zone: 'mf:01', offset: 0, data: new Uint8Array(39) }),
  (driver) =>
    driver.updateWithMac({ zone: 'df01:02', offset: 0, data: new Uint8Array(8) }, new Uint8Array(4)),
  (driver) => driver.challenge(8),
  (driver) => driver.internalAuthenticate(new Uint8Array(8)),
  (driver) => driver.externalAuthenticate(new Uint8Array(8)),
  (driver) => driver.externalTries(),
  (driver) => driver.exchange(plainCommand(Uint8Array.of(0x00, 0xa4, 0x00, 0x00, 0x02, 0xdf, 0x01))),
];

describe('whatever a card answers', () => {
  it('comes out as data or as a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(answer, { minLength: 1, maxLength: 4 }),
        DIALECT,
        async (answers, dialect) => {
          const session = sessionOf(answers);
          const driver = new CpuDriver(session, dialect);
          for (const work of [
            ...WORK.map((one) => () => one(driver, dialect)),
            () => probeDialect(session),
          ]) {
            try {
              await work();
            } catch (error) {
              expect(error).toBeInstanceOf(CodedError);
            }
          }
        },
      ),
      { numRuns: runs(1000) },
    );
  });
});

describe('whatever a card is sent', () => {
  const KEYS = { internal: new Uint8Array(16), external: new Uint8Array(16), mac: new Uint8Array(16) };
  const instruction = fc.constantFrom(0x82, 0x84, 0x88, 0xa4, 0xb0, 0xb2, 0xc0, 0xd6, 0xdc);
  const command = fc.oneof(
    fc.uint8Array({ maxLength: 270 }),
    fc
      .tuple(fc.constantFrom(0x00, 0x04, 0x80), instruction, fc.uint8Array({ minLength: 2, maxLength: 60 }))
      .map(([cla, ins, rest]) => Uint8Array.of(cla, ins, ...rest)),
  );

  it('is answered with a status word, and without authentication changes no MACed file', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), fc.constantFrom('T0', 'T1'), (commands, protocol) => {
        const card = new SimulatedCpuCard({ cipher: tripleDes, keys: KEYS, files: {}, protocol });
        card.powerOn();
        const guarded = D1.files.filter(({ update }) => update !== 'plain').length;
        for (const apdu of commands) expect(card.transmit(apdu).length).toBeGreaterThanOrEqual(2);
        const blank = [...card.files.values()].filter((bytes) => bytes.every((byte) => byte === 0));
        expect(blank.length).toBeGreaterThanOrEqual(guarded);
      }),
      { numRuns: runs(2000) },
    );
  });
});
