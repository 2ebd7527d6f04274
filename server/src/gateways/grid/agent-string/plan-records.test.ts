import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { writePlanSchema, type PlanStep, type WritePlan } from '@bianmin/card/meter-card/plan';
import { METER_CHIPS } from '@bianmin/card/testing/meter-files';
import { runs } from '@bianmin/card/testing/property-runs';
import { generateSm2Keys, sm2Private, sm2Public } from '../wire/sm2.ts';
import { decodePlan, encodePlan } from './plan-record.ts';
import { openRecord, sealRecord } from './records.ts';

const hex = (min: number, max = min): fc.Arbitrary<string> =>
  fc
    .uint8Array({ minLength: min, maxLength: max })
    .map((data) => Buffer.from(data).toString('hex').toUpperCase());
const zone = fc.constantFrom('main', 'user0', 'df01:02', 'az1');
const offset = fc.nat(0xffff);
const name = fc.constantFrom('challenge', 'internalAuth', 'macChallenge');
const maybe = <K extends string, T>(key: K, value: fc.Arbitrary<T>): fc.Arbitrary<Partial<Record<K, T>>> =>
  fc.option(value).map((made) => (made === null ? {} : { [key]: made }) as Partial<Record<K, T>>);
const merged = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map((made) => Object.assign({}, ...made) as object);

const step: fc.Arbitrary<unknown> = fc.oneof(
  merged(
    fc.record({ op: fc.constant('present-code'), code: hex(1, 8) }),
    maybe('key', fc.nat(15)),
    maybe('lastTry', fc.constant(true)),
  ),
  fc.record({ op: fc.constant('write'), zone, offset, data: hex(1, 258) }),
  merged(
    fc.record({
      op: fc.constant('apdu'),
      label: fc.constantFrom('select', 'internal-auth', 'challenge', 'external-auth', 'update'),
      apdu: fc.oneof(hex(13), hex(4, 261)),
    }),
    maybe('gather', name),
    maybe('after', fc.record({ zone, offset, data: hex(1, 258) })),
  ),
);
const plan: fc.Arbitrary<WritePlan> = merged(
  fc.record({
    version: fc.constant(1),
    kind: fc.constantFrom('purchase', 'replacement'),
    orderNo: fc.stringMatching(/^2\d{17}$/),
    chip: fc.constantFrom(...METER_CHIPS),
    serial: hex(8),
    stage: fc.nat(7),
    ranges: fc.array(fc.record({ zone, offset, length: fc.integer({ min: 1, max: 0xffff }) }), {
      maxLength: 16,
    }),
    steps: fc.array(step, { maxLength: 64 }),
  }),
  maybe('authorise', fc.array(name, { minLength: 1, maxLength: 8 })),
).map((made) => writePlanSchema.parse(made));

describe('the record of a plan', () => {
  it('says what the plan says, whatever is in it', () => {
    fc.assert(
      fc.property(plan, (made) => {
        expect(decodePlan(encodePlan(made))).toEqual(made);
      }),
      { numRuns: runs(200) },
    );
  });

  it('has authentication data in its fields, and the commands that carry them point there', () => {
    const auth = (blob: string): PlanStep => ({
      op: 'apdu',
      label: 'external-auth',
      apdu: `0082000108${blob}`,
    });
    const blobs = ['1', '2', '3', '4'].map((digit) => digit.repeat(16));
    const made: WritePlan = {
      version: 1,
      kind: 'purchase',
      orderNo: '260115100000000001',
      chip: 'CPU',
      serial: '00'.repeat(8),
      stage: 1,
      ranges: [],
      steps: blobs.map(auth),
    };
    const record = encodePlan(made).toString('latin1');
    expect(record.slice(0, 110)).toBe(
      `1purchase    20260115100000000001CPU         ${'00'.repeat(8)}1${blobs.slice(0, 3).join('')}`,
    );
    // Beyond three they travel within the command.
    expect(record.slice(110).includes(blobs[0] ?? '')).toBe(false);
    expect(record.slice(110).includes(blobs[3] ?? '')).toBe(true);
    expect(decodePlan(encodePlan(made))).toEqual(made);
  });
});

describe('a sealed record', () => {
  const keys = generateSm2Keys();
  const record = Buffer.from('record');

  it('opens for its receiver alone', () => {
    const sealed = sealRecord(sm2Public(keys.publicKey), record);
    expect(Buffer.from(openRecord(sm2Private(keys.privateKey), sealed))).toEqual(record);
    const stranger = sm2Private(generateSm2Keys().privateKey);
    expect(() => openRecord(stranger, sealed)).toThrow(expect.objectContaining({ code: 'wire.malformed' }));
  });

  it.each(['', '00', 'AB'.repeat(150)])('that is %.8j… is refused', (sealed) => {
    let code;
    try {
      openRecord(sm2Private(keys.privateKey), sealed);
    } catch (error) {
      code = codeOf(error);
    }
    expect(code).toBe('wire.malformed');
  });
});
