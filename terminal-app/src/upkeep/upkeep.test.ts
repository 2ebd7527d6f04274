import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { STUCK_MS } from '../policy/crashes.ts';
import { GraphicsMemory } from './graphics-memory.ts';
import { Idleness } from '../policy/idleness.ts';
import { KeptFile } from '../files/kept-file.ts';
import { servePage } from './serve-page.ts';
import { systemdSupervisor } from './supervisor.ts';
import { ALIVE_MS, LOOK_MS, Upkeep } from './upkeep.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bianmin-upkeep-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('signs of life', () => {
  function rig(answers: () => Promise<unknown>) {
    const clock = new ManualClock();
    const page = { paintedAt: null as number | null, look: () => undefined };
    const signs: string[] = [];
    const faults: string[] = [];
    const upkeep = new Upkeep({
      clock,
      page,
      host: { busy: () => false, answers },
      idle: new Idleness(clock),
      display: () => undefined,
      supervisor: { ready: () => signs.push('ready'), alive: () => signs.push('alive') },
      updates: undefined,
      restart: () => undefined,
      onFault: (where) => faults.push(where),
    });
    return { clock, page, signs, faults, upkeep };
  }

  it('are given while host and page live, and "ready" once, when there is a picture', async () => {
    const { clock, page, signs, upkeep } = rig(() => Promise.resolve());
    const running = upkeep.run();
    await clock.advance(LOOK_MS);
    expect(signs).toEqual(['alive']);
    page.paintedAt = clock.monotonic();
    await clock.advance(ALIVE_MS);
    expect(signs).toEqual(['alive', 'ready', 'alive']);
    upkeep.stop();
    await running;
    expect(clock.sleepers).toBe(0);
  });

  it('end when the page paints no more and nothing brings it back', async () => {
    const { clock, page, signs, upkeep } = rig(() => Promise.resolve());
    page.paintedAt = clock.monotonic();
    void upkeep.run();
    await clock.advance(STUCK_MS);
    const given = signs.length;
    await clock.advance(10 * ALIVE_MS);
    expect(signs).toHaveLength(given);
    upkeep.stop();
  });

  it('end when the host does not answer', async () => {
    const { clock, page, signs, upkeep } = rig(() => new Promise(() => undefined));
    page.paintedAt = clock.monotonic();
    void upkeep.run();
    await clock.advance(10 * ALIVE_MS);
    expect(signs).toEqual([]);
    upkeep.stop();
  });

  it('go on after a round that failed', async () => {
    let rounds = 0;
    const { clock, page, signs, faults, upkeep } = rig(() => {
      rounds += 1;
      return rounds === 1 ? Promise.reject(new Error('once')) : Promise.resolve();
    });
    page.paintedAt = clock.monotonic();
    void upkeep.run();
    await clock.advance(LOOK_MS);
    expect(faults).toEqual(['upkeep']);
    expect(signs).toEqual(['ready', 'alive']);
    upkeep.stop();
  });
});

describe('systemd', () => {
  it('is told by its own tool, where it listens', () => {
    const started: string[] = [];
    const start = (program: string, args: readonly string[]): void => {
      started.push([program, ...args].join(' '));
    };
    const deaf = systemdSupervisor({}, start);
    deaf.ready();
    deaf.alive();
    expect(started).toEqual([]);
    const told = systemdSupervisor({ NOTIFY_SOCKET: '/run/systemd/notify' }, start);
    told.ready();
    told.alive();
    expect(started).toEqual(['systemd-notify READY=1', 'systemd-notify WATCHDOG=1']);
  });
});

describe('a kept file', () => {
  const schema = z.strictObject({ count: z.number() });

  it('is read as it was written, and damaged or missing is nothing known', () => {
    const path = join(folder, 'deep', 'fact.json');
    const file = new KeptFile(path, schema);
    expect(file.read()).toBeUndefined();
    file.write({ count: 3 });
    expect(new KeptFile(path, schema).read()).toEqual({ count: 3 });
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -4));
    expect(file.read()).toBeUndefined();
    writeFileSync(path, '{"count":"3"}');
    expect(file.read()).toBeUndefined();
  });
});

it('the graphics card’s faults outlive the program', () => {
  const clock = new ManualClock();
  const memory = () => new GraphicsMemory({ dataDir: folder, version: '1.0.0', clock });
  const first = memory();
  expect([first.software, first.blame(1), first.blame(1)]).toEqual([false, false, true]);
  const second = memory();
  expect(second.software).toBe(true);
  // It draws without the card already: another start would change nothing.
  expect(second.blame(1)).toBe(false);
});

it('the page’s files are served from one folder, with the policy', async () => {
  writeFileSync(join(folder, 'index.html'), '<p>kiosk</p>');
  writeFileSync(join(folder, '.env'), 'SECRET');
  const serve = servePage(folder);
  const page = await serve(new Request('bianmin://kiosk/'));
  expect(await page.text()).toBe('<p>kiosk</p>');
  expect(page.headers.get('content-type')).toMatch('text/html');
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
  expect((await serve(new Request('bianmin://kiosk/.env'))).status).toBe(404);
  expect((await serve(new Request('bianmin://kiosk/', { method: 'POST' }))).status).toBe(404);
});
