import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { OrgStore, type Org } from '../../src/access/store/orgs.ts';
import { connectDatabase } from '../../src/adapters/mongo/connection.ts';
import { TerminalHealthStore, type TerminalHealth } from '../../src/fleet/store/terminal-health.ts';
import { TerminalStore } from '../../src/fleet/store/terminals.ts';
import { fakeTerminal } from '../../src/testing/order-world.ts';
import { deskATest, onConsole, type Console } from './console.ts';
import { Hands } from './hands.ts';
import { makeSecondPerson, SECOND } from './second-person.ts';

const HOUR_MS = 3_600_000;
const PLACES: readonly Org[] = [
  { zh: '天山一社区', en: 'Tianshan 1', at: 1 },
  { zh: '恰萨社区', en: 'Chasa', at: 2 },
].map(({ zh, en, at }): Org => {
  const _id = `c${String(at).padStart(16, '0')}`;
  return {
    ...{ _id, parent: '650100', names: { 'zh-CN': zh, en }, version: 1 },
    kind: 'community',
    path: ['province', '650100', _id],
  };
});

/** A kiosk, where it stands, when it was last heard, hours ago, and what it said then. */
interface Silent {
  readonly name: string;
  readonly place: 0 | 1;
  readonly hours: number;
  readonly said?: Partial<TerminalHealth>;
}
const FLEET: readonly Silent[] = [
  { name: '天山一号机', place: 0, hours: 2 },
  { name: '天山二号机', place: 0, hours: 2 },
  { name: '恰萨一号机', place: 1, hours: 3, said: { readers: [] } },
  { name: '恰萨二号机', place: 1, hours: 5 },
  { name: '恰萨三号机', place: 1, hours: 0 },
  { name: '恰萨四号机', place: 1, hours: 0, said: { blocked: true } },
];

let on: Console;

onConsole(async (console) => {
  on = console;
  const now = Date.now();
  const db = await connectDatabase(console.stack.urls.mongodbUri);
  const [orgs, terminals, health] = [new OrgStore(db), new TerminalStore(db), new TerminalHealthStore(db)];
  for (const place of PLACES) await orgs.insert(place);
  const redis = new Redis(console.stack.urls.redisUrl);
  // This server has heard for hours.
  await redis.hset('fleet:hearing', 'since', now - 24 * HOUR_MS);
  for (const [at, { name, place, hours, said }] of FLEET.entries()) {
    const _id = `t${String(at + 1).padStart(30, '0')}`;
    const org = PLACES[place];
    if (org === undefined) throw new Error('There is no such place.');
    const { sealKey } = await fakeTerminal(_id);
    const enrolledAt = new Date(now - 48 * HOUR_MS);
    const known = { signKey: sealKey, sealKey, kind: 'kiosk', name, version: '1.0.0', enrolledAt } as const;
    await terminals.enrol({ _id, ...known });
    await terminals.decide({ id: _id, from: ['pending'], to: 'accepted', by: 'test', at: enrolledAt });
    await terminals.place(_id, org);
    // Who is there stays so for as long as the test.
    const seenAt = new Date(hours === 0 ? now + 30_000 : now - hours * HOUR_MS);
    const vitals = { kind: 'kiosk', orgPath: org.path, version: '1.0.0', readers: ['ACS ACR39U'] } as const;
    await health.keep([{ _id, ...vitals, ...said, seenAt }]);
    if (name === '恰萨二号机') await redis.hset('fleet:trouble:link', _id, seenAt.getTime());
  }
  redis.disconnect();
  await db.close();
});
const sit = deskATest(() => on);

it('from the overview, which terminals are offline and why is answered within six interactions', async () => {
  const at = await sit('zh-CN');
  const { page } = at;
  await at.go('/');
  const hands = new Hands(page);
  await hands.press(page.getByRole('link', { name: '终端', exact: true }));
  await hands.press(page.locator('.el-radio-button', { hasText: '离线 4' }));
  await expect.poll(() => page.locator('.el-table__row').count()).toBe(4);
  await at.settles();
  const rows = await page.locator('.el-table__row').allInnerTexts();
  expect(
    rows.map((row) =>
      row
        .split(/\s*\n\s*|\t/u)
        .filter((cell) => cell !== '')
        .slice(0, 5),
    ),
  ).toEqual([
    ['恰萨一号机', '失联', '3 小时前', '读卡器故障', '到现场重插或更换读卡器'],
    ['恰萨二号机', '失联', '5 小时前', '网络不通', '查网线、路由器，再问运营商'],
    ['天山一号机', '失联', '2 小时前', '可能停电', '同一社区的也断了：先问现场是否停电'],
    ['天山二号机', '失联', '2 小时前', '可能停电', '同一社区的也断了：先问现场是否停电'],
  ]);
  expect(hands.count).toBeLessThanOrEqual(6);
  expect(await at.barriers()).toEqual([]);
  await at.shot('running.offline');
  expect(at.errors).toEqual([]);
});

it.each(['zh-CN', 'en'] as const)(
  'every row is one line, at 1280 and 1440, and nothing is beside the screen (%s)',
  async (locale) => {
    const at = await sit(locale);
    const { page } = at;
    await at.go('/terminals');
    for (const width of [1280, 1440]) {
      await page.setViewportSize({ width, height: 800 });
      await page.locator('.el-table__row').nth(5).waitFor();
      await at.settles();
      await at.shot(`running.${width}.${locale}`);
      const heights = await page
        .locator('.el-table__row')
        .evaluateAll((rows) => rows.map((row) => row.clientHeight));
      expect([width, heights]).toEqual([width, FLEET.map(() => 36)]);
      expect(
        await page
          .locator('.el-table__body-wrapper .el-scrollbar__wrap')
          .evaluateAll((wraps) => wraps.map((wrap) => wrap.scrollWidth - wrap.clientWidth)),
      ).toEqual([0]);
    }
    expect(await at.barriers()).toEqual([]);
    expect(at.errors).toEqual([]);
  },
);

it('the one search leads to a terminal by its place, and the list to all that can be done with it', async () => {
  const at = await sit('en');
  const { page } = at;
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox', { name: 'Search by any number' }).fill('chasa');
  await page.getByRole('option').first().waitFor();
  await at.shot('search.terminals.en');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('.el-table__row').count()).toBe(1);
  await page.getByRole('link', { name: 'Control', exact: true }).click();
  await page.getByRole('button', { name: 'Suspend' }).waitFor();
  await page.getByRole('link', { name: 'Show all terminals' }).click();
  await expect
    .poll(() => page.locator('.el-tab-pane .el-table__row').count())
    .toBeGreaterThan(FLEET.length - 1);
  expect(at.errors).toEqual([]);
});

it('a terminal that is away is reported, handed over and repaired, and its history stays', async () => {
  await makeSecondPerson(on);
  const at = await sit('zh-CN');
  const { page } = at;
  await at.go('/terminals');
  await page.getByRole('list', { name: '各地终端' }).waitFor();
  await page.getByRole('button', { name: /恰萨社区/u }).click();
  await expect.poll(() => page.locator('.el-table__row').count()).toBe(4);
  const row = page.locator('.el-table__row', { hasText: '恰萨一号机' });
  await row.getByRole('button', { name: '报修', exact: true }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('radio', { name: '读卡器' }).isChecked()).toBe(true);
  await dialog.getByRole('textbox').fill('读卡器的灯不亮，插卡没有反应。');
  await at.settles();
  await at.shot('repairs.report');
  expect(await at.barriers()).toEqual([]);
  await dialog.getByRole('button', { name: '报修', exact: true }).click();
  await row.getByRole('link', { name: '已报修 · 无人处理' }).click();
  const part = page.locator('.el-table__expanded-cell');
  await part.getByText('读卡器的灯不亮，插卡没有反应。').waitFor();
  await part.getByRole('button', { name: '我来处理' }).click();
  await part.getByText('接手').waitFor();
  await part.getByRole('textbox', { name: '补充说明' }).fill('已带新读卡器出发。');
  await page.keyboard.press('Enter');
  await part.getByText('已带新读卡器出发。').waitFor();
  await part.getByRole('combobox', { name: '交给谁' }).fill(SECOND.name);
  await page.getByRole('option', { name: SECOND.name }).click();
  await part.getByRole('button', { name: '交给', exact: true }).click();
  await part.getByText(`交给${SECOND.name}`).waitFor();
  await at.settles();
  await at.shot('repairs.open');
  expect(await at.barriers()).toEqual([]);
  await part.getByRole('button', { name: '修好了' }).click();
  await dialog.getByRole('textbox').fill('读卡器坏了，换了新的。');
  await dialog.getByRole('button', { name: '确定' }).click();
  await page.locator('.el-table__row', { hasText: '已修好' }).waitFor();
  await part.getByText('读卡器坏了，换了新的。').waitFor();
  expect(await part.getByRole('button', { name: '修好了' }).count()).toBe(0);
  await at.shot('repairs.done');
  await page.getByRole('link', { name: '显示全部报修单' }).click();
  await page.locator('.el-table__row:visible', { hasText: '恰萨一号机' }).waitFor();
  expect(at.errors).toEqual([]);
});

it('a terminal’s address is said once, and stands wherever somebody is sent to it', async () => {
  const at = await sit('en');
  const { page } = at;
  await at.go('/terminals?tab=enrolled');
  const row = page.locator('.el-table__row', { hasText: '天山一号机' });
  await row.getByRole('button', { name: 'Address' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('12 Renmin Road, ground floor');
  await dialog.getByRole('button', { name: 'OK' }).click();
  await row.getByText('12 Renmin Road, ground floor').waitFor();
  await at.settles();
  await at.shot('terminals.enrolled.en');
  expect(await at.barriers()).toEqual([]);
  expect(at.errors).toEqual([]);
});
