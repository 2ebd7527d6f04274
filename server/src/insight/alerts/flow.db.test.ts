import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AlertFlow, kindsOf } from '../../testing/alert-flow.ts';

let flow: AlertFlow;
beforeAll(async () => {
  flow = await AlertFlow.open();
});
afterAll(() => flow.close());
beforeEach(() => flow.fresh());
afterEach(() => flow.world.close());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('one trouble', () => {
  it('is one alert and one message, however often it is found; it grows and is seen again', async () => {
    await flow.world.destination(flow.world.robots.target('dingtalk'));
    flow.found = [flow.trouble()];
    expect(kindsOf(await flow.world.round())).toEqual(['告警']);
    flow.found = [flow.trouble({ count: 7 })];
    expect(await flow.world.round(MINUTE)).toEqual([]);
    flow.found = [flow.trouble({ count: 3 })];
    expect(await flow.world.round(MINUTE)).toEqual([]);
    expect(await flow.only()).toMatchObject({
      count: 3,
      worst: 7,
      seen: 3,
      lastSeenAt: new Date(flow.world.clock.now()),
    });
  });

  it('that is not found once is not over yet', async () => {
    await flow.world.destination(flow.world.robots.target('wecom'));
    flow.found = [flow.trouble()];
    await flow.world.round();
    flow.found = [];
    expect(await flow.world.round(MINUTE)).toEqual([]);
    flow.found = [flow.trouble()];
    expect(await flow.world.round(MINUTE)).toEqual([]);
    expect((await flow.only()).misses).toBe(0);
  });

  it('of which a look that fails says nothing stays open, and the failure is an alert', async () => {
    await flow.world.destination(flow.world.robots.target('wecom'));
    flow.found = [flow.trouble()];
    await flow.world.round();
    const broken = new Error('no database');
    flow.watch.look = () => Promise.reject(broken);
    try {
      for (let n = 0; n < 3; n += 1) await flow.world.round(MINUTE);
      const open = await flow.world.stores.alerts.open();
      expect(open.map(({ rule }) => rule).sort()).toEqual(['alert.rule-failed', 'channel.down']);
    } finally {
      flow.watch.look = () => Promise.resolve(flow.found);
    }
  });

  it('goes to who asked for it: by place and by severity', async () => {
    await flow.world.destination(flow.world.robots.target('wecom'), { orgPath: ['province', '650100'] });
    flow.found = [flow.inKashi()];
    expect(await flow.world.round()).toEqual([]);
    await flow.world.destination(flow.world.robots.target('dingtalk'), { orgPath: ['province', '653100'] });
    await flow.world.destination(flow.world.robots.target('feishu'), { severity: 'critical' });
    expect(await flow.world.round(MINUTE)).toHaveLength(2);
    flow.found = [];
    await flow.world.round(MINUTE);
    expect(kindsOf(await flow.world.round(MINUTE))).toEqual(['告警解除', '告警解除']);
  });
});

describe('who does not hear', () => {
  it('is passed over in time: step by step while the alert is not acknowledged, and reminded', async () => {
    await flow.world.destination(flow.world.robots.target('dingtalk'), { name: '值班' });
    await flow.world.destination(flow.world.robots.target('feishu'), { name: '主任', step: 1 });
    await flow.world.destination(flow.world.robots.target('wecom'), { name: '局长', step: 2 });
    flow.found = [flow.trouble()];
    expect(kindsOf(await flow.world.round())).toEqual(['告警']);
    expect(await flow.world.round(29 * MINUTE)).toEqual([]);
    expect(kindsOf(await flow.world.round(MINUTE))).toEqual(['告警升级']);
    expect(kindsOf(await flow.world.round(30 * MINUTE))).toEqual(['告警升级']);
    // There is no step after the last; then all of them, every four hours.
    expect(await flow.world.round(30 * MINUTE)).toEqual([]);
    expect(await flow.world.round(3 * HOUR)).toEqual([]);
    expect(kindsOf(await flow.world.round(HOUR))).toEqual(['告警仍在', '告警仍在', '告警仍在']);
  });

  it('is left in peace once the alert is acknowledged, unless it grows worse', async () => {
    await flow.world.destination(flow.world.robots.target('dingtalk'));
    await flow.world.destination(flow.world.robots.target('feishu'), { step: 1 });
    flow.found = [flow.trouble()];
    await flow.world.round();
    const at = new Date(flow.world.clock.now());
    await flow.world.stores.alerts.change(await flow.only(), {
      acknowledged: { at, by: { id: 'u1', name: '阿依古丽' }, note: '' },
    });
    expect(await flow.world.round(9 * HOUR)).toEqual([]);
    flow.found = [flow.trouble({ level: 2 })];
    const [worse = ''] = await flow.world.round(MINUTE);
    expect(kindsOf([worse])).toEqual(['告警加重']);
    expect(worse).toContain('阿依古丽 已确认');
    flow.found = [];
    await flow.world.round(MINUTE);
    expect(kindsOf(await flow.world.round(MINUTE))).toEqual(['告警解除']);
  });
});

describe('two workers', () => {
  it('say everything once, and one goes on where the other died', async () => {
    await flow.world.destination(flow.world.robots.target('dingtalk'));
    const other = flow.world.another({ watches: [flow.watch] });
    flow.found = [flow.trouble()];
    await Promise.all([flow.world.work.rounds.round(), other.rounds.round()]);
    await Promise.all([flow.world.work.deliverer.round(), other.deliverer.round()]);
    expect(kindsOf(flow.world.robots.take())).toEqual(['告警']);
    flow.found = [];
    // The other may only once the lease of the one that is dead is over.
    flow.world.clock.jump(2 * MINUTE);
    for (let n = 0; n < 2; n += 1) expect(await other.rounds.round()).toBe(true);
    expect(await flow.world.work.rounds.round()).toBe(false);
    await other.deliverer.round();
    expect(kindsOf(flow.world.robots.take())).toEqual(['告警解除']);
  });
});

describe('a database that is away', () => {
  it('is told without it, by one of two workers, again step by step, and kept once it is over', async () => {
    let away = false;
    const ping = () => (away ? Promise.reject(new Error('no database')) : Promise.resolve());
    const workers = [flow.world.another({ ping }), flow.world.another({ ping })];
    await flow.world.destination(flow.world.robots.target('dingtalk'));
    await flow.world.destination(flow.world.robots.target('feishu'), { step: 1 });
    const round = async (ms: number): Promise<string[]> => {
      flow.world.clock.jump(ms);
      for (const { blackout } of workers) await blackout.round();
      return flow.world.robots.take();
    };
    expect(await round(0)).toEqual([]);
    away = true;
    expect(await round(MINUTE)).toEqual([]);
    const [first = '', ...more] = await round(MINUTE);
    expect(first).toContain('【便民告警】严重：数据库不通\n全省：数据库没有应答，全省停售');
    expect(more).toEqual([]);
    expect(await round(MINUTE)).toEqual([]);
    expect(kindsOf(await round(30 * MINUTE))).toEqual(['告警升级']);
    away = false;
    expect(kindsOf(await round(MINUTE))).toEqual(['告警解除', '告警解除']);
    expect(await round(MINUTE)).toEqual([]);
    expect(await flow.t.db.collection('alerts').find({ rule: 'store.database' }).toArray()).toMatchObject([
      { status: 'resolved', since: expect.any(Date) as Date },
    ]);
  });
});
