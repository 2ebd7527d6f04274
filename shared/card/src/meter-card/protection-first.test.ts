import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes/hex.ts';
import { ownZone } from '../chip/bit-serial/zone-table.ts';
import { AT88SC1602 } from '../chip/bit-serial/tables/at88sc1602.ts';
import { ACCESS } from '../chip/at88sc153/constants.ts';
import { ACCESS_BIT } from '../chip/at88sc1608/access.ts';
import { CONFIG } from '../chip/at88sc1608/constants.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { memoryCardKind } from '../testing/memory-cards.ts';
import { METER_FILES, type MemoryChip } from '../testing/meter-files.ts';
import { samplePurchase, type SamplePurchase } from '../testing/sample-purchase.ts';
import type { CardSnapshot } from '../testing/simulated-card.ts';
import { codeOf, rig } from '../testing/write-rig.ts';
import type { PlanStep } from './plan.ts';
import { readBuiltIn } from '../testing/read-built-in.ts';
import { writeCard } from './write.ts';

type State = CardSnapshot['state'];

/** The bytes of one part of a card's state, bent. */
function bent(state: State, name: string, change: (bytes: Uint8Array) => void): State {
  const bytes = fromHex(String(state[name]));
  change(bytes);
  return { ...state, [name]: toHex(bytes) };
}

const lower = (at: number, bits: number) => (bytes: Uint8Array) => {
  bytes[at] = (bytes[at] ?? 0) & ~bits;
};
const protect = (address: number) => lower(address >> 3, 1 << (address & 7));
const IN_PURSE = METER_FILES.SLE4428.purse.offset + 10;
/** Another maker's layout: a byte below those that a purchase writes here. */
const LOW = { zone: 'main', offset: 0x14, length: 1 } as const;
const LOW_STEP: PlanStep = { op: 'write', zone: 'main', offset: LOW.offset, data: '5A' };
const AZ1 = ownZone(AT88SC1602, 'az1').offset;
const REGISTER_1 = CONFIG.accessRegisters.at;

interface Case {
  readonly chip: MemoryChip;
  readonly what: string;
  readonly spoil: (state: State) => State;
  /** A step of the plan besides: before the purse, or last. */
  readonly low?: 'before' | 'last';
  readonly code?: string;
}

const CASES: readonly Case[] = [
  { chip: 'SLE4428', what: 'a byte of the purse', spoil: (s) => bent(s, 'protection', protect(IN_PURSE)) },
  {
    ...{ chip: 'SLE4442', what: 'a byte that the plan writes before the purse', low: 'before' },
    spoil: (s) => bent(s, 'protection', protect(LOW.offset)),
  },
  {
    ...{ chip: 'SLE4442', what: 'a byte that the plan writes after it', low: 'last' },
    ...{ spoil: (s) => bent(s, 'protection', protect(LOW.offset)), code: 'meter-card.plan-refused' },
  },
  {
    ...{ chip: 'SLE4428', what: 'a byte that the plan writes before the purse', low: 'before' },
    spoil: (s) => bent(s, 'protection', protect(LOW.offset)),
  },
  {
    ...{ chip: 'AT88SC1608', what: 'a zone that nothing may change' },
    spoil: (s) => bent(s, 'config', lower(REGISTER_1, ACCESS_BIT.mdf)),
  },
  {
    ...{ chip: 'AT88SC1608', what: 'a zone whose bits can only fall' },
    spoil: (s) => bent(s, 'config', lower(REGISTER_1, ACCESS_BIT.pgo)),
  },
  {
    ...{ chip: 'AT88SC153', what: 'the zone of the purse' },
    spoil: (s) => bent(s, 'config', lower(0x11, ACCESS.modifyForbidden)),
  },
  {
    ...{ chip: 'AT88SC153', what: 'a purse whose bits can only fall' },
    spoil: (s) => bent(s, 'config', lower(0x11, ACCESS.programOnly)),
  },
  {
    ...{ chip: 'AT88SC153', what: 'a purse that wants an authentication', code: 'meter-card.refused' },
    spoil: (s) => bent(s, 'config', lower(0x11, ACCESS.authenticationForWrite)),
  },
  { chip: 'AT88SC1602', what: 'the whole zone', spoil: (s) => bent(s, 'memory', lower(AZ1, 0x80)) },
];

/** A household's card, spoilt; the plan with a step more where the case has one. */
function spoiltPurchase({ chip, spoil, low }: Case): SamplePurchase {
  const sample = samplePurchase(chip, { cipher: tripleDes, seed: 61 });
  const { state } = sample.card.snapshot();
  const card = memoryCardKind(chip).restore({ chip, state: spoil(state) });
  if (low === undefined) return { ...sample, card };
  const { steps, ranges } = sample.plan;
  const at = low === 'last' ? steps.length : steps.length - 1;
  const all = [...steps.slice(0, at), LOW_STEP, ...steps.slice(at)];
  return { ...sample, card, plan: { ...sample.plan, steps: all, ranges: [...ranges, LOW] } };
}

describe('a card with bytes that can never be written', () => {
  it.each(CASES)('$chip, $what: nothing is presented and nothing written', async (one) => {
    const purchase = spoiltPurchase(one);
    const { card, meter } = purchase;
    const before = card.snapshot();
    for (let insertion = 0; insertion < 3; insertion++) {
      const init = await rig(purchase);
      card.resetUsage();
      expect(await codeOf(writeCard(init))).toBe(one.code ?? 'meter-card.protected');
      expect(card.usage.eepromCycles).toBe(0);
      expect(card.snapshot()).toEqual(before);
      await init.session.end();
    }
    expect(meter.insert(card)).toMatchObject({ creditedFen: 0 });
  });

  it.each(['SLE4428', 'SLE4442', 'AT88SC1608', 'AT88SC153', 'AT88SC1602'] as const)(
    '%s: is written where none of them would change',
    async (chip) => {
      const spoil = (state: State): State =>
        chip.startsWith('SLE') ? bent(state, 'protection', protect(LOW.offset)) : state;
      const purchase = spoiltPurchase({ chip, what: 'a low byte', spoil });
      expect(await codeOf(writeCard(await rig(purchase)))).toBe('nothing went wrong');
    },
  );

  it('CPU: a file that only the issuer changes: no command is sent', async () => {
    const sample = samplePurchase('CPU', { cipher: tripleDes, seed: 63 });
    const ranges = [...sample.plan.ranges, { zone: 'mf:19', offset: 1, length: 1 }];
    const init = await rig({ ...sample, plan: { ...sample.plan, ranges } });
    const image = await readBuiltIn(init.driver, init.atr);
    sample.card.resetUsage();
    expect(await codeOf(writeCard({ ...init, image }))).toBe('meter-card.protected');
    expect(sample.card.usage.apdus).toBe(0);
  });

  it('is left alone where the second of its codes has too few tries, before the first is presented', async () => {
    const sample = samplePurchase('AT88SC1602', { cipher: tripleDes, seed: 62 });
    const { state } = sample.card.snapshot();
    const counter = ownZone(AT88SC1602, 'e1ac').offset;
    const card = memoryCardKind('AT88SC1602').restore({
      chip: 'AT88SC1602',
      state: bent(state, 'memory', lower(counter, 0x80)),
    });
    const init = await rig({ ...sample, card });
    card.resetUsage();
    expect(await codeOf(writeCard(init))).toBe('meter-card.code-tries');
    expect(card.usage.eepromCycles).toBe(0);
  });
});
