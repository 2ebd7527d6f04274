import { describe, expect, it } from 'vitest';
import { tripleDes } from '../testing/node/triple-des.ts';
import { DirectSession } from '../testing/direct-session.ts';
import { identifyChip } from '../chip/identify.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import type { MeterChip } from '../testing/meter-files.ts';
import type { CardImage } from './image.ts';
import { PlanCheck } from './permitted.ts';
import type { PlanStep, WritePlan } from './plan.ts';
import { readBuiltIn } from '../testing/read-built-in.ts';

async function sample(chip: MeterChip): Promise<{ plan: WritePlan; image: CardImage }> {
  const { card, plan } = samplePurchase(chip, { cipher: tripleDes, seed: 41 });
  const session = new DirectSession(card);
  const driver = await identifyChip(session, { memoryDialect: 'acs' });
  return { plan, image: await readBuiltIn(driver, session.atr) };
}

const selectStep: PlanStep = { op: 'apdu', label: 'select', apdu: '00A4000002DF01' };

const refusal = (reason: RegExp): object =>
  expect.objectContaining({
    code: 'meter-card.plan-refused',
    message: expect.stringMatching(reason) as string,
  }) as object;

describe('what a purchase may do to a memory card', () => {
  it.each<[string, RegExp, (steps: PlanStep[]) => PlanStep[]]>([
    ['write the serial', /outside the ranges/, (steps) => [...steps, { op: 'write', zone: 'main', offset: 0x08, data: '00' }]],
    ['write past the end of a range', /outside the ranges/, (steps) => [...steps, { op: 'write', zone: 'main', offset: 0x5b, data: '0000' }]],
    ['present the code twice', /a code is presented where/, (steps) => [...steps, ...steps.slice(0, 1)]],
    ['present the code twice, once by its number', /a code is presented where/, (steps) => [...steps, { op: 'present-code', code: '000000', key: 0 }]],
    ['write before the code', /bytes are written where/, (steps) => steps.slice(1)],
    ['send a command', /a memory card is given a command/, (steps) => [...steps, selectStep]],
  ])('not: %s', async (_name, reason, bend) => {
    const { plan, image } = await sample('SLE4442');
    const attempt = (): void => {
      new PlanCheck(plan, image).stage({ ...plan, steps: bend([...plan.steps]) });
    };
    expect(attempt).toThrow(refusal(reason));
  }); // prettier-ignore

  it('but: present each of two codes once', async () => {
    const { plan, image } = await sample('SLE4442');
    const second: PlanStep = { op: 'present-code', code: '000000', key: 1 };
    expect(() => {
      new PlanCheck(plan, image).stage({ ...plan, steps: [...plan.steps, second] });
    }).not.toThrow();
  });

  it('not: change a range that was not read', async () => {
    const { plan, image } = await sample('SLE4442');
    const unread: CardImage = { ...image, regions: [] };
    expect(() => {
      new PlanCheck(plan, unread).stage(plan);
    }).toThrow(/lies outside what was read/);
  });
});
