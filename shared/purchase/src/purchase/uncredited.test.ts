import { describe, expect, it } from 'vitest';
import { settled } from '@bianmin/card/testing/manual-clock';
import { messageFor } from '../i18n/message.ts';
import { CARD, PurchaseRig } from '../testing/purchase-rig.ts';
import { fullMeterOf } from './full-meter.ts';

const METER = { balanceFen: 98_000, readAt: null, arrearsFen: 0, ceilingFen: 100_000 };
const WAITS = {
  ...{ orderNo: '261125093000123456', creditFen: 20_000, writtenAt: '2026-11-25T06:03:00Z' },
  ...{ belowFen: 80_000, around: '2026-12-23' },
};

async function cameHome(): Promise<PurchaseRig> {
  const rig = new PurchaseRig();
  rig.server.card(CARD, { meter: METER, blocked: 'meter.previous-not-inserted', uncredited: WAITS });
  await rig.start();
  await rig.insert();
  return rig;
}

function textOf(rig: PurchaseRig) {
  if (rig.view.screen !== 'uncredited') throw new Error(rig.view.screen);
  const { todo, values, choices, action, phone } = messageFor(rig.view);
  return { todo, values, choices: choices.length, action, phone };
}

describe('a card that its meter has not credited', () => {
  it('is asked what the meter showed, and nothing is sold to it', async () => {
    const rig = await cameHome();
    expect(rig.view).toMatchObject({ screen: 'uncredited', orderNo: WAITS.orderNo, shown: null });
    expect(textOf(rig)).toMatchObject({ todo: 'uncredited.ask', choices: 3, action: null });
    await rig.command({ type: 'confirm-card' });
    await rig.command({ type: 'choose-amount', faceFen: 5000 });
    await rig.command({ type: 'retry' });
    expect(rig.view.screen).toBe('uncredited');
    expect(rig.server.orders).toEqual([]);
  });

  it.each([
    ['not-inserted', { todo: 'uncredited.insertTodo', action: 'finish', phone: false }],
    ['full', { todo: 'uncredited.around', values: { below: '800', date: '2026-12-23' }, action: 'finish' }],
    ['other', { todo: 'uncredited.callTodo', action: 'finish', phone: true }],
  ] as const)('that showed %s is told one thing to do, and staff hear of it', async (shown, told) => {
    const rig = await cameHome();
    await rig.command({ type: 'meter-shown', shown });
    await settled();
    expect(textOf(rig)).toMatchObject({ ...told, choices: 0 });
    expect(rig.server.calls).toContain('tellMeterShown');
    await rig.command({ type: 'finish' });
    expect(rig.view.screen).toBe('wait');
    await rig.remove();
    expect(rig.view).toMatchObject({ screen: 'wait' });
  });

  it('says no more than is known of when there is room', async () => {
    const rig = await cameHome();
    const view = { screen: 'uncredited', orderNo: WAITS.orderNo, creditFen: 20_000, shown: 'full' } as const;
    expect(messageFor(view)).toMatchObject({ todo: 'uncredited.later', values: {} });
    expect(messageFor({ ...view, belowFen: 80_050 })).toMatchObject({
      ...{ todo: 'uncredited.below', values: { below: '800.50' } },
    });
    await rig.remove();
    expect(rig.view.screen).toBe('wait');
  });
});

describe('a meter with little room', () => {
  it('is warned of by its newest word, which refuses nothing alone', async () => {
    const rig = new PurchaseRig();
    rig.server.card(CARD, { meter: METER });
    await rig.start();
    await rig.insert();
    await rig.command({ type: 'confirm-card' });
    await rig.command({ type: 'choose-amount', faceFen: 20_000 });
    expect(rig.view).toMatchObject({
      ...{ screen: 'pay', full: { balanceFen: 98_000, ceilingFen: 100_000, belowFen: 81_000 } },
    });
  });

  it('sells nothing where it was read just now and takes not even the least', async () => {
    const rig = new PurchaseRig();
    rig.server.card(CARD, {
      meter: { ...METER, balanceFen: 99_950, live: true },
      limits: { minFen: 100, maxFen: 0, stepFen: 100, presetsFen: [] },
    });
    await rig.start();
    await rig.insert();
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'meter-full', moneySafe: 'nothing-taken' });
  });

  it.each([
    [{ balanceFen: 98_000, ceilingFen: 100_000 }, 2_000, undefined],
    [{ balanceFen: 98_000, ceilingFen: 100_000 }, 2_001, 97_999],
    [{ balanceFen: 98_000, ceilingFen: 100_000 }, 200_000, 0],
    [{ balanceFen: 98_000, ceilingFen: 100_000, isLive: true as const }, 20_000, undefined],
    [{ balanceFen: 98_000 }, 20_000, undefined],
    [{ balanceFen: null, ceilingFen: 100_000 }, 20_000, undefined],
  ])('%j and %d fen: below %s', (household, creditFen, belowFen) => {
    expect(fullMeterOf(household, creditFen)?.belowFen).toBe(belowFen);
  });
});
