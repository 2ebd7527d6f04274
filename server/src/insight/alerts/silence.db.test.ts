import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Silence } from './silence-store.ts';
import { AlertFlow } from '../../testing/alert-flow.ts';

let flow: AlertFlow;
beforeAll(async () => {
  flow = await AlertFlow.open();
});
afterAll(() => flow.close());
beforeEach(() => flow.fresh());
afterEach(() => flow.world.close());

const MINUTE = 60_000;

const HOUR = 60 * MINUTE;

describe('a silence', () => {
  const silence = (over: Partial<Silence> = {}): Silence => {
    const from = new Date(flow.world.clock.now());
    return {
      ...{ _id: crypto.randomUUID(), rule: 'channel.*', subject: '*', reason: '渠道升级', from },
      ...{
        orgPath: ['province'],
        by: { id: 'u1', name: 'anna' },
        to: new Date(from.getTime() + HOUR),
        ...over,
      },
    };
  };

  it('holds back what fits while it lasts; what is still there then is told', async () => {
    await flow.world.destination(flow.world.robots.target('dingtalk'));
    await flow.world.stores.silences.insert(silence());
    flow.found = [flow.trouble(), flow.inKashi()];
    expect((await flow.world.round()).join()).not.toContain('支付渠道不通');
    expect((await flow.world.stores.alerts.open()).length).toBe(2);
    expect(await flow.world.round(59 * MINUTE)).toEqual(
      expect.not.arrayContaining([expect.stringContaining('支付渠道')]),
    );
    expect((await flow.world.round(MINUTE)).join()).toContain('【便民告警】严重：支付渠道不通');
  });

  it('of one region holds back nothing of another, nor of the province', async () => {
    await flow.world.destination(flow.world.robots.target('dingtalk'));
    await flow.world.stores.silences.insert(silence({ rule: '*', orgPath: ['province', '650100'] }));
    flow.found = [flow.trouble(), flow.inKashi()];
    expect((await flow.world.round()).join().match(/【便民告警】/gu)).toHaveLength(2);
  });

  it('names its subject with stars, and many of them take no time', async () => {
    await flow.world.destination(flow.world.robots.target('dingtalk'));
    flow.found = [flow.trouble({ subject: 'a'.repeat(200) })];
    await flow.world.stores.silences.insert(silence({ subject: '*a'.repeat(50) + 'b' }));
    expect(await flow.world.round()).toHaveLength(1);
    await flow.world.stores.silences.insert(silence({ subject: 'a*a*a' }));
    flow.found = [flow.trouble({ subject: 'aaa' }), flow.trouble({ subject: 'aa' })];
    const told = await flow.world.round(MINUTE);
    expect(told.join()).toContain('aa 没有应答');
    expect(told.join()).not.toContain('aaa 没有应答');
  });
});
