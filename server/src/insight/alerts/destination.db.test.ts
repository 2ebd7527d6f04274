import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { openMailServer } from '../../testing/alert-robots.ts';
import type { Alert } from './alert.ts';
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

describe('a destination', () => {
  it('that is down keeps its messages, is asked less and less often, shows itself, and hears all once it is back', async () => {
    await flow.world.destination(flow.world.robots.target('dingtalk'), { name: '值班' });
    flow.found = [flow.trouble()];
    flow.world.robots.broken = 502;
    await flow.world.round();
    const id = (await flow.world.stores.destinations.list(WHOLE_PROVINCE))[0]?._id ?? '';
    const waits: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      const [notice] = await flow.world.stores.notices.waitingFor(id, 9);
      waits.push((notice?.nextAt.getTime() ?? 0) - flow.world.clock.now());
      await flow.world.round(waits.at(-1));
    }
    expect(waits).toEqual([15_000, 30_000, 60_000, 120_000]);
    expect((await flow.world.stores.destinations.get(id))?.failing).toMatchObject({ code: 'http-502' });
    flow.found = [];
    await flow.world.round(MINUTE);
    await flow.world.round(MINUTE);
    flow.world.robots.broken = undefined;
    const [all = ''] = await flow.world.round(10 * MINUTE);
    expect(all).toContain('【便民告警】');
    expect(all).toContain('【便民告警解除】');
    expect((await flow.world.stores.destinations.get(id))?.failing).toBeNull();
  });

  it('that does not answer keeps no other waiting; after a day it is given up', async () => {
    const wrong = await flow.world.destination(flow.world.robots.target('feishu', 'another secret'));
    await flow.world.destination(flow.world.robots.target('dingtalk'));
    flow.found = [flow.trouble()];
    expect(kindsOf(await flow.world.round())).toEqual(['告警']);
    expect((await flow.world.stores.destinations.get(wrong._id))?.failing?.code).toBe('feishu-19021');
    flow.found = [];
    await flow.world.round(MINUTE);
    await flow.world.round(25 * HOUR);
    await flow.world.round(HOUR);
    const states = (
      await flow.world.stores.notices.ofAlert(
        (await flow.t.db.collection<Alert>('alerts').findOne({}))?._id ?? '',
      )
    )
      .filter(({ destination }) => destination === wrong._id)
      .map(({ kind, state }) => `${kind} ${state}`);
    expect(states).toContain('opened given-up');
  });

  it('gets what waits for it in one message that a robot takes', async () => {
    await flow.world.destination(flow.world.robots.target('wecom'));
    flow.found = Array.from({ length: 18 }, (_, n) => flow.trouble({ subject: `channel-${n}` }));
    const [text = '', ...more] = await flow.world.round();
    expect(more).toEqual([]);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048);
    expect(text).toMatch(/另有 \d+ 条，见管理台/u);
  });

  it('can be a mailbox: logged in, sent, with the head as its subject', async () => {
    const server = await openMailServer();
    try {
      const { port, user, password } = server;
      await flow.world.destination({
        ...{ kind: 'email', host: '127.0.0.1', port, secure: false, user, password },
        ...{ from: 'alerts@example.org', to: ['ops@example.org', 'boss@example.org'] },
      });
      const wrong = await flow.world.destination({
        ...{ kind: 'email', host: '127.0.0.1', port, secure: false, user, password: 'wrong' },
        ...{ from: 'alerts@example.org', to: ['x@example.org'] },
      });
      flow.found = [flow.trouble()];
      await flow.world.round();
      expect(server.mails).toMatchObject([
        { from: 'alerts@example.org', to: ['ops@example.org', 'boss@example.org'] },
      ]);
      const { content = '' } = server.mails[0] ?? {};
      expect(content).toContain('Subject: =?UTF-8?');
      expect((await flow.world.stores.destinations.get(wrong._id))?.failing?.code).toBe('mail-eauth');
    } finally {
      await server.close();
    }
  });
});

it('a destination’s address is in the database in no readable form', async () => {
  const log: string[] = [];
  const lines = pino({ level: 'trace' }, { write: (line: string) => void log.push(line) });
  const { _id } = await flow.world.destination(flow.world.robots.target('dingtalk', 'SEC-very-secret'));
  const stored = JSON.stringify(
    await flow.t.db.collection<{ _id: string }>('alertdestinations').findOne({ _id }),
  );
  lines.info(stored);
  expect(log.join()).not.toMatch(/SEC-very-secret|access_token/u);
});
