import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '@bianmin/card/node/system-clock';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import { PROVINCE } from '@bianmin/purchase/api/org';
import { rolloutList, type RolloutView } from '@bianmin/purchase/api/rollout';
import { ReleaseSigners } from '@bianmin/purchase/testing/node/release-signers';
import { Operator } from '../../../build/run/dev/operator.ts';
import { connectDatabase } from '../../src/adapters/mongo/connection.ts';
import { TerminalStore } from '../../src/fleet/store/terminals.ts';
import { madeRelease, rootFile, type MadeRelease } from '../../src/testing/release-kit.ts';
import { SimulatedKiosk, type Fares } from '../../src/testing/simulated-kiosk.ts';
import { Desk, eachAtDesk, onConsole, type Console } from './console.ts';

const FLEET = 200;
const AT_ONCE = 20;
const SECOND = { name: 'second', password: 'made by the first' };
const PLACES = ['650100', '653100', '654000'];
const approvals = z.object({ approvals: z.array(adminApproval) });
const keys = new ReleaseSigners(Date.now());
const folder = await mkdtemp(join(tmpdir(), 'releases-e2e-'));

let on: Console;
let desk: Desk | undefined;
let first: Operator;
let second: Operator;
let kiosks: SimulatedKiosk[];

onConsole(
  async (console) => {
    on = console;
    const { webUrl: url, mongodbUri } = console.stack.urls;
    first = await Operator.login(console.stack);
    const body = { ...SECOND, roles: ['administrator'] };
    await first.call({ path: '/v1/admin/users', method: 'POST', body }, z.unknown());
    second = await Operator.login(console.stack, SECOND);
    const db = await connectDatabase(mongodbUri);
    const terminals = new TerminalStore(db);
    const made = Array.from({ length: FLEET }, (_, no) => {
      const orgPath = [PROVINCE, PLACES[no % PLACES.length] ?? ''];
      return SimulatedKiosk.accepted({ url, clock: systemClock, terminals, orgPath });
    });
    kiosks = await Promise.all(made);
    await db.close();
    await each((kiosk) => kiosk.beat());
  },
  {
    env: {
      server: { RELEASE_DIR: join(folder, 'kept'), RELEASE_ROOT_FILE: rootFile(join(folder, 'roots'), keys) },
    },
  },
);
afterAll(() => rm(folder, { recursive: true }));
eachAtDesk(() => desk);
beforeEach(() => {
  desk = undefined;
});

async function each<T>(work: (kiosk: SimulatedKiosk) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let no = 0; no < kiosks.length; no += AT_ONCE) {
    all.push(...(await Promise.all(kiosks.slice(no, no + AT_ONCE).map(work))));
  }
  return all;
}

/** All ask, and those that are offered it take it; gives how many those were. */
async function update(fares: () => Fares): Promise<number> {
  return (await each((kiosk) => kiosk.update(fares))).filter((was) => was).length;
}

const press = (at: Desk, name: string) => at.page.getByRole('button', { name, exact: true }).first().click();

/** Chooses the files of a build in the page, as a person does. */
async function upload(at: Desk, made: MadeRelease): Promise<void> {
  const build = await mkdtemp(join(folder, 'build-'));
  const names = [...made.files.keys(), 'release.signed.json'];
  for (const [name, content] of made.files) await writeFile(join(build, name), content);
  await writeFile(join(build, 'release.signed.json'), `${made.signed}\n`);
  await at.page.locator('input[type=file]').setInputFiles(names.map((name) => join(build, name)));
  await at.reads(`${made.manifest.version} 已上传`);
}

/** Fills the form in and asks; a second person allows it. */
async function start(at: Desk, version: string, shot?: string): Promise<void> {
  const { page } = at;
  // Of this release: a list that was read before the upload has another one first.
  const row = page.getByRole('row').filter({ hasText: version });
  await row.getByRole('button', { name: '发布这个版本', exact: true }).click();
  await page.locator('#rollout-shares').fill('40, 100');
  await page.locator('#rollout-soak').fill('0');
  // Else it may have succeeded before the last ones break.
  await page.locator('#rollout-success').fill('100');
  await page.locator('#rollout-reason').fill('打印更清楚');
  if (shot !== undefined) {
    expect(await at.barriers()).toEqual([]);
    await at.shot(shot);
  }
  await press(at, '提交复核');
  await at.reads('等待另一位同事复核');
  const { approvals: open } = await second.call({ path: '/v1/admin/approvals?status=open' }, approvals);
  const path = `/v1/admin/approvals/${open[0]?.id ?? ''}/decide`;
  const done = await second.call({ path, method: 'POST', body: { accept: true } }, adminApproval);
  expect([open.length, done.status]).toEqual([1, 'done']);
}

async function newest(): Promise<RolloutView> {
  const [found] = (await first.call({ path: '/v1/admin/rollouts' }, rolloutList)).rollouts;
  if (found === undefined) throw new Error('There is no rollout.');
  return found;
}

describe('a release at the console', () => {
  it('that breaks one in twenty of its first group stops by itself; a better one reaches everybody', async () => {
    const at = (desk = await Desk.open(on));
    await at.logIn(on.stack);
    await at.go('/releases');
    await at.reads('还没有发布过版本', '还没有上传过版本', '乌鲁木齐市');
    await upload(at, madeRelease(keys, { bytes: 2_500_000 }));
    await start(at, '1.1.0', 'releases.form');

    // How many are in the first group shows when they ask; one in twenty of them falls back.
    const group = (await each((kiosk) => kiosk.ask())).filter((offer) => offer !== undefined).length;
    const bad = Math.ceil(group * 0.05);
    // The last ones: it stops as soon as they are too many of those that took it, and offers it to none after them.
    let well = group - bad;
    expect(await update(() => ((well -= 1) >= 0 ? 'well' : 'falls-back'))).toBe(group);
    await expect.poll(async () => (await newest()).state, { interval: 500 }).toBe('stopped');
    const stopped = await newest();
    expect(stopped).toMatchObject({
      ...{ stage: 0, counts: { 'fell-back': bad, installed: group - bad } },
      moves: [{ state: 'stopped', cause: 'errors', by: null }, { state: 'running' }],
    });
    expect(await update(() => 'well')).toBe(0);

    await each((kiosk) => kiosk.beat());
    await press(at, '刷新');
    await at.reads('已终止', '出问题的终端太多，自动处理', `其中 ${bad} 台出问题`);
    await at.page.locator('.el-table__expand-icon').first().click();
    expect(await at.barriers()).toEqual([]);
    await at.shot('releases.stopped');

    await upload(at, madeRelease(keys, { version: '1.2.0', bytes: 1000 }));
    await start(at, '1.2.0');
    await update(() => 'well');
    await expect.poll(async () => (await newest()).stage, { interval: 500 }).toBe(1);
    await update(() => 'well');
    expect(kiosks.filter(({ version }) => version !== '1.2.0')).toEqual([]);
    await expect.poll(async () => (await newest()).state, { interval: 500 }).toBe('done');
    await each((kiosk) => kiosk.beat());
    // The table is counted anew at most every half minute.
    await expect
      .poll(
        async () => {
          await press(at, '刷新');
          await at.settles();
          return at.page.getByRole('columnheader', { name: '自助终端 1.2.0' }).count();
        },
        { interval: 3000 },
      )
      .toBe(1);
    await at.reads('已全部发布', '没有终端出问题');
    expect(await at.barriers()).toEqual([]);
    await at.shot('releases.done');
    expect(at.errors).toEqual([]);
  });
});
