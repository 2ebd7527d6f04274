import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodedError } from '@bianmin/card/errors';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { sampleEntry } from '@bianmin/card/testing/journal-contract';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { FakeSlot, FakeSlots } from '@bianmin/card/testing/fake-slots';
import { runs } from '@bianmin/card/testing/property-runs';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { HostError } from './error.ts';
import { FaultRing, plainWords } from './fault-ring.ts';
import { timedHttp } from './link-facts.ts';
import { Machine, type MachineInit } from './machine.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bianmin-machine-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function machine(over: Partial<MachineInit> = {}) {
  const clock = new ManualClock();
  const faults = new FaultRing(clock);
  const slots = new FakeSlots();
  const of = new Machine({
    ...{ clock, faults, slots, fingerprint: 'Ab1-Cd2_Ef3g', dataDir: dir, lastChip: () => null },
    status: () => ({ terminalId: `t${'5'.repeat(30)}`, version: '0.1.0', server: 'online', clock: null }),
    view: () => ({ screen: 'wait', reader: 'x' }),
    journal: new MemoryJournal(),
    link: () => ({ lastAnswerAt: null, roundTripMs: null }),
    ...over,
  });
  return { clock, faults, slots, of };
}

describe('how the machine is', () => {
  it('is told with readers, disk, journal, screen and versions', async () => {
    const { of, slots, clock, faults } = machine({ lastChip: () => 'SLE4442' });
    const slot = new FakeSlot('ACS ACR38U-CCID');
    slots.plug(slot);
    slot.insert('6501000000000001');
    faults.add('reader ACS', new HostError({ code: 'journal.not-durable', message: 'The disk is full.' }));
    await clock.advance(90_000);
    const told = await of.look();
    expect(told).toMatchObject({
      readers: [{ name: 'ACS ACR38U-CCID', card: 'in', lastChip: 'SLE4442' }],
      journal: { entries: 0, undelivered: 0 },
      screen: { name: 'wait', problem: null },
      versions: { app: '0.1.0', electron: null },
      faults: [{ where: 'reader ACS', code: 'journal.not-durable', sentence: 'The disk is full.', times: 1 }],
      uptimeS: 90,
    });
    expect(told.disk?.totalMb).toBeGreaterThan(0);
    expect(JSON.stringify(told)).not.toContain('6501000000000001');
  });

  it('counts in its journal what the server is to hear, not what is kept of a card', async () => {
    const keys = { digest: 'd'.repeat(64), unanswered: 0, refused: true } as const;
    const journal = new MemoryJournal();
    const failed = sampleEntry({ phase: 'failed', keys });
    await journal.put({ ...failed, told: true });
    await journal.put({ ...failed, orderNo: '260115020000000002' });
    await journal.put(sampleEntry({ orderNo: '260115020000000003', phase: 'writing' }));
    expect(await machine({ journal }).of.look()).toMatchObject({ journal: { entries: 2, undelivered: 1 } });
  });

  it('is told although parts of it cannot be read', async () => {
    const { of, slots } = machine({
      dataDir: join(dir, 'gone'),
      journal: { list: () => Promise.reject(new Error('no')) },
    });
    const slot = new FakeSlot();
    slot.present = () => Promise.reject(new Error('no'));
    slots.plug(slot);
    expect(await of.look()).toMatchObject({ disk: null, journal: null, readers: [{ card: 'unknown' }] });
  });
});

describe('the last faults', () => {
  it('are thirty, newest first, and one that goes on is one', () => {
    const ring = new FaultRing(new ManualClock());
    for (let n = 0; n < 40; n += 1) ring.add(n % 2 === 0 ? 'a' : 'b', new TypeError('secret words'));
    expect(ring.faults).toHaveLength(30);
    for (let n = 0; n < 5; n += 1)
      ring.add('link', new HostError({ code: 'sandbox.unavailable', message: 'No.' }));
    expect(ring.faults[0]).toMatchObject({ where: 'link', code: 'sandbox.unavailable', times: 5 });
    expect(ring.faults[1]).toMatchObject({ code: 'TypeError', sentence: '' });
  });

  it('keep the words of a sentence and nothing that could be a value', () => {
    expect(plainWords('The disk is full, read-only or failing; no byte was written.')).toBe(
      'The disk is full, read-only or failing; no byte was written.',
    );
    expect(plainWords('Order 261127093000123456 of 张三 (FFEEDD) at t5555, PIN 274913.')).toBe(
      'Order … of … at … PIN …',
    );
  });
});

/** What must never leave: as long and as strange as the field has it. */
const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((each) => Buffer.from(each).toString('hex').toUpperCase());
const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((each) => each.join(''));
const secret = fc.oneof(
  hex(3), // a memory card's code
  hex(8), // a serial, a key's half
  hex(16), // a key
  digits(6), // a PIN, a household's proof
  digits(12), // a customer's number
  fc.uint8Array({ minLength: 24, maxLength: 32 }).map((each) => Buffer.from(each).toString('base64url')), // a ticket
  fc.constantFrom('张三', '阿依古丽·买买提', 'ئايگۈل مەمەت', '天山区幸福小区3号楼2单元501室'),
);

it('no card code, key, number, name or token that an error or a screen brings is in a report', async () => {
  await fc.assert(
    fc.asyncProperty(
      secret,
      fc.constantFrom(' ', ': ', ' "', '=', ' (', '/'),
      fc.constantFrom('', '.', '"', ')', ', and more', '-x'),
      async (value, before, after) => {
        const text = `The card${before}${value}${after} was refused.`;
        const error = new CodedError({
          ...{ code: 'card.refused', message: text, context: { value, code: value } },
          cause: new CodedError({ code: `x.${value}`, message: text }),
        });
        const { of, faults } = machine({
          view: () => ({ screen: 'problem', code: 'unexpected', staffCode: 'card.refused' }) as PurchaseView,
        });
        faults.add(text, error);
        faults.add(`reader ${value}`, new Error(text));
        faults.add('name', Object.assign(new Error('x'), { name: `E${value}Error` }));
        faults.add('thrown', value);
        faults.add('code', new CodedError({ code: value, message: value }));
        const { faults: told } = await of.look();
        const said = JSON.stringify(told.map(({ at: _, ...rest }) => rest));
        expect(said).not.toContain(value);
        expect(said.toUpperCase()).not.toContain(value.toUpperCase());
      },
    ),
    { numRuns: runs(300) },
  );
});

describe('what the link tells', () => {
  it('is when the server last answered, and how fast', async () => {
    const clock = new ManualClock();
    let there = true;
    const { http, facts } = timedHttp(async () => {
      await clock.advance(40);
      if (there) return { status: 503, body: '', headers: {} };
      throw new Error('away');
    }, clock);
    const ask = () => http({ method: 'GET', url: 'x', headers: {}, timeoutMs: 1 });
    expect(facts()).toEqual({ lastAnswerAt: null, roundTripMs: null });
    await ask();
    const last = { lastAnswerAt: clock.now(), roundTripMs: 40 };
    expect(facts()).toEqual(last);
    there = false;
    await ask().catch(() => undefined);
    expect(facts()).toEqual(last);
  });
});
