import { describe, expect, it } from 'vitest';
import { macedUpdateBinary, select, updateBinary } from '../chip/cpu/commands.ts';
import { D1 } from '../chip/cpu/dialects.ts';
import { type CpuDialect } from '../chip/cpu/dialect.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { DirectSession } from '../testing/direct-session.ts';
import { identifyChip } from '../chip/identify.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import type { MeterChip } from '../testing/meter-files.ts';
import type { CardImage } from './image.ts';
import { PlanCheck } from './permitted.ts';
import { writePlanSchema, type PlanStep, type WritePlan } from './plan.ts';
import { readCard } from './read.ts';

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex').toUpperCase();

async function sample(chip: MeterChip): Promise<{ plan: WritePlan; image: CardImage }> {
  const { card, plan } = samplePurchase(chip, { cipher: tripleDes, seed: 41 });
  const session = new DirectSession(card);
  const driver = await identifyChip(session, { memoryDialect: 'acs' });
  return { plan, image: await readCard(driver, session.atr) };
}

const PURSE = { sfi: 2, offset: 0 };
const DATA = new Uint8Array(8);
const MAC = new Uint8Array(4);
const AFTER = { zone: 'df01:02', offset: 0, data: hex(DATA) };
const selectStep: PlanStep = { op: 'apdu', label: 'select', apdu: '00A4000002DF01' };
const update = (apdu: Uint8Array, after: typeof AFTER | null = AFTER): PlanStep => ({
  op: 'apdu',
  label: 'update',
  apdu: hex(apdu),
  ...(after === null ? {} : { after }),
});
const good = update(macedUpdateBinary(PURSE, DATA, MAC));

describe('what a purchase may do to a CPU card', () => {
  it.each<[string, PlanStep[]]>([
    ['nothing selected before an update', [good]],
    ['an update of a file outside the ranges', [selectStep, update(macedUpdateBinary({ sfi: 3, offset: 0 }, DATA, MAC), { ...AFTER, zone: 'df01:03' })]],
    ['an update beyond its range', [selectStep, update(macedUpdateBinary({ sfi: 2, offset: 4 }, DATA, MAC), { ...AFTER, offset: 4 })]],
    ['an update under the MF', [{ ...selectStep, apdu: hex(select(0x3f00)) }, good]],
    ['an update that does not say what it leaves', [selectStep, update(macedUpdateBinary(PURSE, DATA, MAC), null)]],
    ['an update that says something else', [selectStep, update(macedUpdateBinary(PURSE, DATA.map(() => 1), MAC))]],
    ['a selection of a foreign directory', [{ ...selectStep, apdu: '00A4000002DF02' }]],
    ['a selection by name', [{ ...selectStep, apdu: '00A40400081122334455667788' }]],
    ['WRITE KEY', [selectStep, update(Uint8Array.of(0x80, 0xd4, 0x01, 0x00, 0x08, ...DATA))]],
    ['ERASE DF', [{ op: 'apdu', label: 'update', apdu: '800E000000', after: AFTER }]],
    ['another instruction under a harmless label', [{ op: 'apdu', label: 'challenge', apdu: '00D6820008' + '00'.repeat(8) }]],
    ['an authentication that is none', [{ op: 'apdu', label: 'external-auth', apdu: '0020000003000000' }]],
    ['lengths that do not agree', [{ op: 'apdu', label: 'challenge', apdu: '008400000801' }]],
    ['a memory write', [{ op: 'write', zone: 'df01:02', offset: 0, data: '00' }]],
    ['a code', [{ op: 'present-code', code: '000000' }]],
  ])('not: %s', async (_name, steps) => {
    const { plan, image } = await sample('CPU');
    expect(() => new PlanCheck(plan, image).stage({ ...plan, steps, authorise: undefined })).toThrow(
      expect.objectContaining({ code: 'meter-card.plan-refused' }),
    );
  }); // prettier-ignore

  it('but: MACed and plain updates within its ranges', async () => {
    const { plan, image } = await sample('CPU');
    const check = new PlanCheck(plan, image);
    check.stage(plan);
    const steps = [selectStep, good, update(updateBinary(PURSE, DATA))];
    const { authorise: _none, ...rest } = plan;
    expect(() => check.stage({ ...rest, stage: 1, steps })).not.toThrow();
  });

  it('but: those of another dialect by its own directories and MAC', async () => {
    const { plan, image } = await sample('CPU');
    const other: CpuDialect = {
      ...D1,
      directories: { mf: 0x3f00, df01: 0xdf05 },
      mac: { ...D1.mac, length: 8 },
    };
    const steps = (fileId: string, mac: number): PlanStep[] => [
      { ...selectStep, apdu: `00A4000002${fileId}` },
      update(macedUpdateBinary(PURSE, DATA, new Uint8Array(mac))),
    ];
    const stage = (given: PlanStep[]) => (): void => {
      new PlanCheck(plan, image, other).stage({ ...plan, steps: given, authorise: undefined });
    };
    expect(stage(steps('DF05', 8))).not.toThrow();
    expect(stage(steps('DF01', 8))).toThrow(/foreign directory/);
    expect(stage(steps('DF05', 4))).toThrow(/not what it says/);
  });

  it.each<[string, (plan: WritePlan) => WritePlan]>([
    ['of another kind', (plan) => ({ ...plan, kind: 'replacement' })],
    ['of another order', (plan) => ({ ...plan, orderNo: '261125010300000002' })],
    ['of another card', (plan) => ({ ...plan, serial: '0000000000000000' })],
    ['out of turn', (plan) => ({ ...plan, stage: 2 })],
    ['with wider ranges', (plan) => ({ ...plan, ranges: [{ zone: 'mf:19', offset: 1, length: 8 }] })],
    ['asking for what it does not gather', (plan) => ({ ...plan, authorise: ['key'] })],
  ])('no stage %s', async (_name, bend) => {
    const { plan, image } = await sample('CPU');
    const check = new PlanCheck(plan, image);
    check.stage(plan);
    expect(() => check.stage(bend({ ...plan, stage: 1 }))).toThrow(
      expect.objectContaining({ code: 'meter-card.plan-refused' }),
    );
  });
});

describe('what a purchase may do to a memory card', () => {
  it.each<[string, (steps: PlanStep[]) => PlanStep[]]>([
    ['write the serial', (steps) => [...steps, { op: 'write', zone: 'main', offset: 0x08, data: '00' }]],
    [
      'write past the end of a range',
      (steps) => [...steps, { op: 'write', zone: 'main', offset: 0x5b, data: '0000' }],
    ],
    ['present the code twice', (steps) => [...steps, ...steps.slice(0, 1)]],
    ['write before the code', (steps) => steps.slice(1)],
    ['send a command', (steps) => [...steps, selectStep]],
  ])('not: %s', async (_name, bend) => {
    const { plan, image } = await sample('SLE4442');
    expect(() => new PlanCheck(plan, image).stage({ ...plan, steps: bend([...plan.steps]) })).toThrow(
      expect.objectContaining({ code: 'meter-card.plan-refused' }),
    );
  });
});

it('sample plans keep to the schema', async () => {
  for (const chip of ['SLE4442', 'CPU'] as const) {
    const { plan } = await sample(chip);
    expect(writePlanSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  }
});
