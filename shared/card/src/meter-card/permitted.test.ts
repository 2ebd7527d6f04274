import { describe, expect, it } from 'vitest';
import { macedUpdateBinary, select, updateBinary } from '../chip/cpu/commands.ts';
import { D1 } from '../chip/cpu/dialects.ts';
import type { CpuDialect } from '../chip/cpu/dialect.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { DirectSession } from '../testing/direct-session.ts';
import { identifyChip } from '../chip/identify.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import type { MeterChip } from '../testing/meter-files.ts';
import type { CardImage } from './image.ts';
import { PlanCheck } from './permitted.ts';
import { writePlanSchema, type PlanStep, type WritePlan } from './plan.ts';
import { readBuiltIn } from '../testing/read-built-in.ts';

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex').toUpperCase();

async function sample(chip: MeterChip): Promise<{ plan: WritePlan; image: CardImage }> {
  const { card, plan } = samplePurchase(chip, { cipher: tripleDes, seed: 41 });
  const session = new DirectSession(card);
  const driver = await identifyChip(session, { memoryDialect: 'acs' });
  return { plan, image: await readBuiltIn(driver, session.atr) };
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

const refusal = (reason: RegExp): object =>
  expect.objectContaining({
    code: 'meter-card.plan-refused',
    message: expect.stringMatching(reason) as string,
  }) as object;
const auth = (label: 'internal-auth' | 'external-auth', apdu: string): PlanStep => ({
  op: 'apdu',
  label,
  apdu,
});
const eight = '00'.repeat(8);

describe('what a purchase may do to a CPU card', () => {
  it.each<[string, RegExp, PlanStep[]]>([
    ['nothing selected before an update', /before any selection/, [good]],
    ['an update of a file outside the ranges', /outside the ranges/, [selectStep, update(macedUpdateBinary({ sfi: 3, offset: 0 }, DATA, MAC), { ...AFTER, zone: 'df01:03' })]],
    ['an update beyond its range', /outside the ranges/, [selectStep, update(macedUpdateBinary({ sfi: 2, offset: 4 }, DATA, MAC), { ...AFTER, offset: 4 })]],
    ['an update under the MF', /not what it says/, [{ ...selectStep, apdu: hex(select(0x3f00)) }, good]],
    ['an update under the MF that says so', /outside the ranges/, [{ ...selectStep, apdu: hex(select(0x3f00)) }, update(macedUpdateBinary(PURSE, DATA, MAC), { ...AFTER, zone: 'mf:02' })]],
    ['an update that does not say what it leaves', /does not say what it leaves/, [selectStep, update(macedUpdateBinary(PURSE, DATA, MAC), null)]],
    ['an update that says something else', /not what it says/, [selectStep, update(macedUpdateBinary(PURSE, DATA.map(() => 1), MAC))]],
    ['an update that says another zone', /not what it says/, [selectStep, update(macedUpdateBinary(PURSE, DATA, MAC), { ...AFTER, zone: 'df01:01' })]],
    ['an update that says another place', /not what it says/, [selectStep, update(macedUpdateBinary(PURSE, DATA, MAC), { ...AFTER, offset: 1 })]],
    ['a selection of a foreign directory', /foreign directory/, [{ ...selectStep, apdu: '00A4000002DF02' }]],
    ['a selection by name', /foreign directory/, [{ ...selectStep, apdu: '00A40400081122334455667788' }]],
    ['a selection by the directory’s name, of two bytes', /foreign directory/, [{ ...selectStep, apdu: '00A4040002DF01' }]],
    ['a selection with a byte too many', /foreign directory/, [{ ...selectStep, apdu: '00A4000003DF0100' }]],
    ['another instruction for a selection', /foreign directory/, [{ ...selectStep, apdu: '00B0000002DF01' }]],
    ['WRITE KEY', /an update is malformed/, [selectStep, update(Uint8Array.of(0x80, 0xd4, 0x01, 0x00, 0x08, ...DATA))]],
    ['READ as an update', /an update is malformed/, [selectStep, update(Uint8Array.of(0x00, 0xb0, 0x82, 0x00, 0x08, ...DATA))]],
    ['an update of a class that is neither plain nor MACed', /an update is malformed/, [selectStep, update(Uint8Array.of(0x84, 0xd6, 0x82, 0x00, 0x08, ...DATA))]],
    ['an update that names no file', /an update is malformed/, [selectStep, update(Uint8Array.of(0x00, 0xd6, 0x02, 0x00, 0x08, ...DATA))]],
    ['ERASE DF', /an update is malformed/, [{ op: 'apdu', label: 'update', apdu: '800E000000', after: AFTER }]],
    ['an update under a harmless label', /a challenge is malformed/, [{ op: 'apdu', label: 'challenge', apdu: `00D6820008${eight}` }]],
    ['a challenge with data', /a challenge is malformed/, [{ op: 'apdu', label: 'challenge', apdu: '008400000101' }]],
    ['a harmless label that says what it leaves', /not what its label says/, [{ op: 'apdu', label: 'challenge', apdu: '0084000008', after: AFTER }]],
    ['a harmless label of another class', /not what its label says/, [{ op: 'apdu', label: 'challenge', apdu: '8084000008' }]],
    ['a short internal authentication', /an authentication is malformed/, [auth('internal-auth', '0088000003000000')]],
    ['another instruction for an internal authentication', /an authentication is malformed/, [auth('internal-auth', `00D6820008${eight}`)]],
    ['a short external authentication', /an authentication is malformed/, [auth('external-auth', '0082000003000000')]],
    ['another instruction for an external authentication', /an authentication is malformed/, [auth('external-auth', `0020000008${eight}`)]],
    ['an internal authentication by another key', /by another key/, [auth('internal-auth', `0088000208${eight}`)]],
    ['an external authentication by another key', /by another key/, [auth('external-auth', `0082000108${eight}`)]],
    ['an external authentication of another kind', /by another key/, [auth('external-auth', `0082010208${eight}`)]],
    ['two external authentications', /presented twice/, [auth('external-auth', `0082000208${eight}`), auth('external-auth', `0082000208${eight}`)]],
    ['an authentication under a harmless label', /a challenge is malformed/, [{ op: 'apdu', label: 'challenge', apdu: `0082000208${eight}` }]],
    ['a cardholder’s code as an update', /an update is malformed/, [selectStep, update(Uint8Array.of(0x00, 0x20, 0x00, 0x00, 0x08, ...DATA))]],
    ['lengths that do not agree', /lengths that do not agree/, [{ op: 'apdu', label: 'challenge', apdu: '008400000801' }]],
    ['a memory write', /bytes are written where/, [{ op: 'write', zone: 'df01:02', offset: 0, data: '00' }]],
    ['a code', /a code is presented where/, [{ op: 'present-code', code: '000000' }]],
  ])('not: %s', async (_name, reason, steps) => {
    const { plan, image } = await sample('CPU');
    const attempt = (): void => {
      new PlanCheck(plan, image).stage({ ...plan, steps, authorise: undefined });
    };
    expect(attempt).toThrow(refusal(reason));
  }); // prettier-ignore

  it('but: both authentications, a challenge and both directories', async () => {
    const { plan, image } = await sample('CPU');
    const steps: PlanStep[] = [
      { ...selectStep, apdu: hex(select(0x3f00)) },
      selectStep,
      { op: 'apdu', label: 'challenge', apdu: '0084000008' },
      auth('internal-auth', `0088000108${eight}`),
      auth('external-auth', `0082000208${eight}`),
      good,
    ];
    expect(() => {
      new PlanCheck(plan, image).stage({ ...plan, steps, authorise: undefined });
    }).not.toThrow();
  });

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

  it.each<[string, RegExp, (plan: WritePlan) => WritePlan]>([
    ['of another kind', /another order or card/, (plan) => ({ ...plan, kind: 'replacement' })],
    ['of another order', /another order or card/, (plan) => ({ ...plan, orderNo: '261125010300000002' })],
    ['of another card', /another order or card/, (plan) => ({ ...plan, serial: '0000000000000000' })],
    ['of another chip', /another order or card/, (plan) => ({ ...plan, chip: 'SLE4442' })],
    ['out of turn', /stage 2 came where 1 was due/, (plan) => ({ ...plan, stage: 2 })],
    ['once more', /stage 0 came where 1 was due/, (plan) => ({ ...plan, stage: 0 })],
    ['with wider ranges', /widens the ranges/, (plan) => ({ ...plan, ranges: [{ zone: 'mf:19', offset: 1, length: 8 }] })],
    ['asking for what it does not gather', /does not gather/, (plan) => ({ ...plan, authorise: ['key'] })],
    ['asking for what a command before it gathered', /does not gather/, (plan) => ({ ...plan, steps: [selectStep], authorise: ['challenge'] })],
  ])('no stage %s', async (_name, reason, bend) => {
    const { plan, image } = await sample('CPU');
    const check = new PlanCheck(plan, image);
    check.stage(plan);
    const attempt = (): void => {
      check.stage(bend({ ...plan, stage: 1 }));
    };
    expect(attempt).toThrow(refusal(reason));
  }); // prettier-ignore
});

it('sample plans keep to the schema', async () => {
  for (const chip of ['SLE4442', 'CPU'] as const) {
    const { plan } = await sample(chip);
    expect(writePlanSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  }
});
