import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { AlertWorld } from '../../testing/alert-world.ts';
import { openMailServer } from '../../testing/alert-robots.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import type { Alert } from './alert.ts';
import type { Finding, Watch } from './finding.ts';
import type { Silence } from './silence-store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let t: TestContext;
let world: AlertWorld;
/** What the one watch of these tests finds now. */
let found: Finding[];
const watch: Watch = { covers: ['channel.down', 'terminals.missing'], look: () => Promise.resolve(found) };

const trouble = (over: Partial<Finding> = {}): Finding => ({
  ...{ rule: 'channel.down', subject: 'alipay', orgPath: ['province'], count: 1 },
  ...{ since: new Date(world.clock.now()), ...over },
});
const inKashi = (over: Partial<Finding> = {}): Finding =>
  trouble({
    ...{ rule: 'terminals.missing', subject: 'kiosk 1.0.0', orgPath: ['province', '653100'] },
    ...{ facts: { percent: 50 }, ...over },
  });
const only = async (): Promise<Alert> => {
  const [alert] = await world.stores.alerts.open();
  if (alert === undefined) throw new Error('Nothing is open.');
  return alert;
};
const kinds = (texts: readonly string[]) => texts.map((text) => /^【便民(.+?)】/u.exec(text)?.[1]);

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  found = [];
  world = await AlertWorld.open(t, { watches: [watch] });
});
afterEach(() => world.close());

describe('one trouble', () => {
  it('is one alert and one message, however often it is found; it grows and is seen again', async () => {
    await world.destination(world.robots.target('dingtalk'));
    found = [trouble()];
    expect(kinds(await world.round())).toEqual(['告警']);
    found = [trouble({ count: 7 })];
    expect(await world.round(MINUTE)).toEqual([]);
    found = [trouble({ count: 3 })];
    expect(await world.round(MINUTE)).toEqual([]);
    expect(await only()).toMatchObject({
      count: 3,
      worst: 7,
      seen: 3,
      lastSeenAt: new Date(world.clock.now()),
    });
  });

  it('that is not found once is not over yet', async () => {
    await world.destination(world.robots.target('wecom'));
    found = [trouble()];
    await world.round();
    found = [];
    expect(await world.round(MINUTE)).toEqual([]);
    found = [trouble()];
    expect(await world.round(MINUTE)).toEqual([]);
    expect((await only()).misses).toBe(0);
  });

  it('of which a look that fails says nothing stays open, and the failure is an alert', async () => {
    await world.destination(world.robots.target('wecom'));
    found = [trouble()];
    await world.round();
    const broken = new Error('no database');
    watch.look = () => Promise.reject(broken);
    try {
      for (let n = 0; n < 3; n += 1) await world.round(MINUTE);
      const open = await world.stores.alerts.open();
      expect(open.map(({ rule }) => rule).sort()).toEqual(['alert.rule-failed', 'channel.down']);
    } finally {
      watch.look = () => Promise.resolve(found);
    }
  });

  it('goes to who asked for it: by place and by severity', async () => {
    await world.destination(world.robots.target('wecom'), { orgPath: ['province', '650100'] });
    found = [inKashi()];
    expect(await world.round()).toEqual([]);
    await world.destination(world.robots.target('dingtalk'), { orgPath: ['province', '653100'] });
    await world.destination(world.robots.target('feishu'), { severity: 'critical' });
    expect(await world.round(MINUTE)).toHaveLength(2);
    found = [];
    await world.round(MINUTE);
    expect(kinds(await world.round(MINUTE))).toEqual(['告警解除', '告警解除']);
  });
});

describe('who does not hear', () => {
  it('is passed over in time: step by step while nobody acknowledges, and reminded', async () => {
    await world.destination(world.robots.target('dingtalk'), { name: '值班' });
    await world.destination(world.robots.target('feishu'), { name: '主任', step: 1 });
    await world.destination(world.robots.target('wecom'), { name: '局长', step: 2 });
    found = [trouble()];
    expect(kinds(await world.round())).toEqual(['告警']);
    expect(await world.round(29 * MINUTE)).toEqual([]);
    expect(kinds(await world.round(MINUTE))).toEqual(['告警升级']);
    expect(kinds(await world.round(30 * MINUTE))).toEqual(['告警升级']);
    // The last step has nobody; then all of them, every four hours.
    expect(await world.round(30 * MINUTE)).toEqual([]);
    expect(await world.round(3 * HOUR)).toEqual([]);
    expect(kinds(await world.round(HOUR))).toEqual(['告警仍在', '告警仍在', '告警仍在']);
  });

  it('is left in peace once somebody answers for it, unless it grows worse', async () => {
    await world.destination(world.robots.target('dingtalk'));
    await world.destination(world.robots.target('feishu'), { step: 1 });
    found = [trouble()];
    await world.round();
    const at = new Date(world.clock.now());
    await world.stores.alerts.change(await only(), {
      acknowledged: { at, by: { id: 'u1', name: '阿依古丽' }, note: '' },
    });
    expect(await world.round(9 * HOUR)).toEqual([]);
    found = [trouble({ level: 2 })];
    const [worse = ''] = await world.round(MINUTE);
    expect(kinds([worse])).toEqual(['告警加重']);
    expect(worse).toContain('阿依古丽 已确认');
    found = [];
    await world.round(MINUTE);
    expect(kinds(await world.round(MINUTE))).toEqual(['告警解除']);
  });
});

describe('a silence', () => {
  const silence = (over: Partial<Silence> = {}): Silence => {
    const from = new Date(world.clock.now());
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
    await world.destination(world.robots.target('dingtalk'));
    await world.stores.silences.insert(silence());
    found = [trouble(), inKashi()];
    expect((await world.round()).join()).not.toContain('支付渠道不通');
    expect((await world.stores.alerts.open()).length).toBe(2);
    expect(await world.round(59 * MINUTE)).toEqual(
      expect.not.arrayContaining([expect.stringContaining('支付渠道')]),
    );
    expect((await world.round(MINUTE)).join()).toContain('【便民告警】严重：支付渠道不通');
  });

  it('of one region holds back nothing of another, nor of the province', async () => {
    await world.destination(world.robots.target('dingtalk'));
    await world.stores.silences.insert(silence({ rule: '*', orgPath: ['province', '650100'] }));
    found = [trouble(), inKashi()];
    expect((await world.round()).join().match(/【便民告警】/gu)).toHaveLength(2);
  });

  it('names its subject with stars, and many of them take no time', async () => {
    await world.destination(world.robots.target('dingtalk'));
    found = [trouble({ subject: 'a'.repeat(200) })];
    await world.stores.silences.insert(silence({ subject: '*a'.repeat(50) + 'b' }));
    expect(await world.round()).toHaveLength(1);
    await world.stores.silences.insert(silence({ subject: 'a*a*a' }));
    found = [trouble({ subject: 'aaa' }), trouble({ subject: 'aa' })];
    const told = await world.round(MINUTE);
    expect(told.join()).toContain('aa 没有应答');
    expect(told.join()).not.toContain('aaa 没有应答');
  });
});

describe('a destination', () => {
  it('that is down keeps its messages, is asked less and less often, shows itself, and hears all once it is back', async () => {
    await world.destination(world.robots.target('dingtalk'), { name: '值班' });
    found = [trouble()];
    world.robots.broken = 502;
    await world.round();
    const id = (await world.stores.destinations.list(WHOLE_PROVINCE))[0]?._id ?? '';
    const waits: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      const [notice] = await world.stores.notices.waitingFor(id, 9);
      waits.push((notice?.nextAt.getTime() ?? 0) - world.clock.now());
      await world.round(waits.at(-1));
    }
    expect(waits).toEqual([15_000, 30_000, 60_000, 120_000]);
    expect((await world.stores.destinations.get(id))?.failing).toMatchObject({ code: 'http-502' });
    found = [];
    await world.round(MINUTE);
    await world.round(MINUTE);
    world.robots.broken = undefined;
    const [all = ''] = await world.round(10 * MINUTE);
    expect(all).toContain('【便民告警】');
    expect(all).toContain('【便民告警解除】');
    expect((await world.stores.destinations.get(id))?.failing).toBeNull();
  });

  it('that does not answer keeps no other waiting; after a day it is given up', async () => {
    const wrong = await world.destination(world.robots.target('feishu', 'another secret'));
    await world.destination(world.robots.target('dingtalk'));
    found = [trouble()];
    expect(kinds(await world.round())).toEqual(['告警']);
    expect((await world.stores.destinations.get(wrong._id))?.failing?.code).toBe('feishu-19021');
    found = [];
    await world.round(MINUTE);
    await world.round(25 * HOUR);
    await world.round(HOUR);
    const states = (
      await world.stores.notices.ofAlert((await t.db.collection<Alert>('alerts').findOne({}))?._id ?? '')
    )
      .filter(({ destination }) => destination === wrong._id)
      .map(({ kind, state }) => `${kind} ${state}`);
    expect(states).toContain('opened given-up');
  });

  it('gets what waits for it in one message that a robot takes', async () => {
    await world.destination(world.robots.target('wecom'));
    found = Array.from({ length: 18 }, (_, n) => trouble({ subject: `channel-${n}` }));
    const [text = '', ...more] = await world.round();
    expect(more).toEqual([]);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048);
    expect(text).toMatch(/另有 \d+ 条，见管理台/u);
  });

  it('can be a mailbox: logged in, sent, with the head as its subject', async () => {
    const server = await openMailServer();
    try {
      const { port, user, password } = server;
      await world.destination({
        ...{ kind: 'email', host: '127.0.0.1', port, secure: false, user, password },
        ...{ from: 'alerts@example.org', to: ['ops@example.org', 'boss@example.org'] },
      });
      const wrong = await world.destination({
        ...{ kind: 'email', host: '127.0.0.1', port, secure: false, user, password: 'wrong' },
        ...{ from: 'alerts@example.org', to: ['x@example.org'] },
      });
      found = [trouble()];
      await world.round();
      expect(server.mails).toMatchObject([
        { from: 'alerts@example.org', to: ['ops@example.org', 'boss@example.org'] },
      ]);
      const { content = '' } = server.mails[0] ?? {};
      expect(content).toContain('Subject: =?UTF-8?');
      expect((await world.stores.destinations.get(wrong._id))?.failing?.code).toBe('mail-eauth');
    } finally {
      await server.close();
    }
  });
});

describe('two workers', () => {
  it('say everything once, and one goes on where the other died', async () => {
    await world.destination(world.robots.target('dingtalk'));
    const other = world.another({ watches: [watch] });
    found = [trouble()];
    await Promise.all([world.work.rounds.round(), other.rounds.round()]);
    await Promise.all([world.work.deliverer.round(), other.deliverer.round()]);
    expect(kinds(world.robots.take())).toEqual(['告警']);
    found = [];
    // The other may only once the lease of the one that is dead is over.
    world.clock.jump(2 * MINUTE);
    for (let n = 0; n < 2; n += 1) expect(await other.rounds.round()).toBe(true);
    expect(await world.work.rounds.round()).toBe(false);
    await other.deliverer.round();
    expect(kinds(world.robots.take())).toEqual(['告警解除']);
  });
});

describe('a database that is away', () => {
  it('is told without it, by one of two workers, again step by step, and kept once it is over', async () => {
    let away = false;
    const ping = () => (away ? Promise.reject(new Error('no database')) : Promise.resolve());
    const workers = [world.another({ ping }), world.another({ ping })];
    await world.destination(world.robots.target('dingtalk'));
    await world.destination(world.robots.target('feishu'), { step: 1 });
    const round = async (ms: number): Promise<string[]> => {
      world.clock.jump(ms);
      for (const { blackout } of workers) await blackout.round();
      return world.robots.take();
    };
    expect(await round(0)).toEqual([]);
    away = true;
    expect(await round(MINUTE)).toEqual([]);
    const [first = '', ...more] = await round(MINUTE);
    expect(first).toContain('【便民告警】严重：数据库不通\n全省：数据库没有应答，全省停售');
    expect(more).toEqual([]);
    expect(await round(MINUTE)).toEqual([]);
    expect(kinds(await round(30 * MINUTE))).toEqual(['告警升级']);
    away = false;
    expect(kinds(await round(MINUTE))).toEqual(['告警解除', '告警解除']);
    expect(await round(MINUTE)).toEqual([]);
    expect(await t.db.collection('alerts').find({ rule: 'store.database' }).toArray()).toMatchObject([
      { status: 'resolved', since: expect.any(Date) as Date },
    ]);
  });
});

it('a destination’s address is in the database in no readable form', async () => {
  const log: string[] = [];
  const lines = pino({ level: 'trace' }, { write: (line: string) => void log.push(line) });
  const { _id } = await world.destination(world.robots.target('dingtalk', 'SEC-very-secret'));
  const stored = JSON.stringify(await t.db.collection<{ _id: string }>('alertdestinations').findOne({ _id }));
  lines.info(stored);
  expect(log.join()).not.toMatch(/SEC-very-secret|access_token/u);
});
