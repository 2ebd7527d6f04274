import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identifyChip } from '@bianmin/shared/chip/identify';
import { METER_CHIPS } from '@bianmin/shared/testing/meter-files';
import type { CardImage } from '@bianmin/shared/meter-card/image';
import { readCard } from '@bianmin/shared/meter-card/read';
import { toCardImageMessage } from '@bianmin/shared/meter-card/wire';
import { connectSandboxBus } from '@bianmin/shared/node/sandbox-bus';
import { watchReaders, type Readers } from '@bianmin/shared/reader/readers';
import type { CardSlot } from '@bianmin/shared/reader/slot';
import { Platform } from './platform/operations.ts';
import { gridKeysFrom, makeGridKeys } from './keys.ts';
import { createGridSandbox, type GridSandbox } from './sandbox.ts';

const KEYS = gridKeysFrom({ ...makeGridKeys().sandbox });

let sandbox: GridSandbox;
beforeEach(async () => {
  sandbox = await createGridSandbox({ keys: KEYS });
});
afterEach(() => sandbox.close());

async function ask(path: string, body?: unknown): Promise<{ status: number; answer: never }> {
  const response = await fetch(
    `${sandbox.url}/world/${path}`,
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  );
  return { status: response.status, answer: (await response.json()) as never };
}

describe('the process that it could be', () => {
  const health = async (url = sandbox.url): Promise<number> => (await fetch(`${url}/healthz`)).status;

  it('dies, and comes back at its address with its books', async () => {
    const { cardId, meterNo } = (await ask('households', { count: 1, chip: 'CPU' })).answer[0];
    const { balanceFen } = sandbox.world.insert(meterNo, cardId);
    const revive = await sandbox.die();
    await expect(health()).rejects.toThrow();
    await revive();
    expect(await health()).toBe(200);
    expect(sandbox.world.meter(meterNo)).toMatchObject({ balanceFen });
  });

  it('stands still: who asks is answered when it goes on', async () => {
    const other = await createGridSandbox({ keys: KEYS });
    try {
      const goOn = sandbox.standStill();
      const said: string[] = [];
      const answer = health().then((status) => said.push(String(status)));
      // Meanwhile another is asked and answers.
      for (let time = 0; time < 5; time += 1) expect(await health(other.url)).toBe(200);
      said.push('goes on');
      goOn();
      await answer;
      expect(said).toEqual(['goes on', '200']);
    } finally {
      await other.close();
    }
  });
});

describe('the world over HTTP', () => {
  it('shows cards with masked names, and every kind that people bring', async () => {
    const cards: { label: string; note: string; meterNo: string | null }[] = (await ask('cards')).answer;
    expect(cards.map(({ label }) => label)).toContain('SLE4442 · 张*');
    expect(cards.filter(({ meterNo }) => meterNo === null)).toHaveLength(3 + METER_CHIPS.length);
    expect(JSON.stringify(cards)).not.toMatch(/建国|小区/);
  });

  it('has a card in one place at a time', async () => {
    const placeOf = async (): Promise<unknown> =>
      ((await ask('cards')).answer as { id: string; place: unknown }[]).find(({ id }) => id === 'card-1')
        ?.place;
    expect(await placeOf()).toEqual({ in: 'drawer' });
    expect((await ask('readers/kiosk-1/insert', { cardId: 'card-1' })).answer).toEqual({
      id: 'kiosk-1',
      cardId: 'card-1',
    });
    expect(await placeOf()).toEqual({ in: 'reader', readerId: 'kiosk-1' });
    expect((await ask('readers/kiosk-2/insert', { cardId: 'card-1' })).status).toBe(409);
    expect((await ask('readers/kiosk-1/insert', { cardId: 'card-2' })).status).toBe(409);
    expect((await ask('meters/000026001001/insert', { cardId: 'card-1' })).status).toBe(409);
    await ask('readers/kiosk-1/eject', {});
    await ask('readers/kiosk-1/eject', {});
    expect(await placeOf()).toEqual({ in: 'drawer' });
    expect((await ask('readers')).answer).toEqual([
      { id: 'kiosk-1', cardId: null },
      { id: 'kiosk-2', cardId: null },
    ]);
  });

  it('puts a pending purchase into its meter, once, from card or copy', async () => {
    const insert = async (cardId: string): Promise<unknown> =>
      (await ask('meters/000026001004/insert', { cardId })).answer;
    const copy: { id: string } = (await ask('cards/card-4/clone', {})).answer;
    expect(await insert('card-4')).toMatchObject({
      creditedFen: 5000,
      balanceFen: 6275,
      count: 5,
      error: null,
    });
    expect(await insert('card-4')).toMatchObject({ creditedFen: 0, error: null });
    expect(await insert(copy.id)).toMatchObject({ creditedFen: 0, error: null });
    expect(await insert('card-1')).toMatchObject({ creditedFen: 0, error: 11 });
    expect(await insert('card-18')).toMatchObject({ creditedFen: 0, error: 7 });
    expect(await insert('card-19')).toMatchObject({ creditedFen: 0, error: 4 });
  });

  it('uses electricity, into overdraft', async () => {
    const meter = (await ask('meters/000026001003/consume', { fen: 1000 })).answer;
    expect(meter).toMatchObject({ balanceFen: -690 });
  });

  it('makes households for benches', async () => {
    const made: { cardId: string; meterNo: string }[] = (await ask('households', { count: 50, chip: 'CPU' }))
      .answer;
    expect(new Set(made.map(({ meterNo }) => meterNo)).size).toBe(50);
    expect((await ask(`cards/${made[7]?.cardId}/usage`)).answer).toMatchObject({ apdus: 0, eepromCycles: 0 });
    expect(
      (await ask(`meters/${made[7]?.meterNo}/insert`, { cardId: made[7]?.cardId })).answer,
    ).toMatchObject({
      creditedFen: 0,
      error: null,
    });
    expect((await ask(`cards/${made[7]?.cardId}/usage`)).answer).not.toMatchObject({ apdus: 0 });
    await ask(`cards/${made[7]?.cardId}/usage/reset`, {});
    expect((await ask(`cards/${made[7]?.cardId}/usage`)).answer).toMatchObject({ apdus: 0 });
  });

  it.each([
    ['cards/nobody/usage', undefined, 404],
    ['meters/1/insert', { cardId: 'card-1' }, 404],
    ['meters/000026001001/insert', { cardId: 'nobody' }, 404],
    ['meters/000026001001/insert', {}, 400],
    ['readers/a%2Fb/insert', { cardId: 'card-1' }, 400],
    ['faults/grid', { operation: 'sell', fault: 'earthquake' }, 400],
    ['nowhere', undefined, 404],
    ['meters', {}, 404],
  ])('says what is wrong with %s', async (path, body, status) => {
    const { status: got, answer } = await ask(path, body);
    expect(got).toBe(status);
    expect(answer).toHaveProperty('message');
  });

  it('is open to pages of this machine, and to no other site', async () => {
    const from = async (origin: string): Promise<Response> =>
      fetch(`${sandbox.url}/world/cards`, { headers: { origin } });
    const local = await from('http://localhost:5173');
    expect([local.status, local.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'http://localhost:5173',
    ]);
    expect((await from('https://evil.example')).status).toBe(403);
    expect((await from('http://localhost.evil.example')).status).toBe(403);
  });

  it('serves its page', async () => {
    const page = await fetch(sandbox.url);
    expect(await page.text()).toContain('page.js');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect((await fetch(`${sandbox.url}/sandbox.ts`)).status).toBe(404);
  });
});

describe('a reader on a socket', () => {
  let readers: Readers;
  let slot: CardSlot;
  beforeEach(async () => {
    const bus = await connectSandboxBus(`${sandbox.url.replace('http', 'ws')}/world/readers/kiosk-1/usb`);
    readers = await watchReaders(bus, (_, error) => {
      throw error;
    });
    slot = readers.slots()[0] as CardSlot;
  });
  afterEach(() => readers.close());

  const read = async (): Promise<CardImage> => {
    const session = await slot.open();
    try {
      return await readCard(await identifyChip(session, slot.model), session.atr);
    } finally {
      await session.end();
    }
  };

  it.each(['card-1', 'card-2', 'card-13', 'card-14', 'card-15', 'card-16'])(
    'reads %s by the real card layer, and the grid knows it',
    async (cardId) => {
      await ask('readers/kiosk-1/insert', { cardId });
      const image = await read();
      const card = new Platform(sandbox.world.books()).identify({ image: toCardImageMessage(image) });
      expect(card).toMatchObject({ previousInserted: true, serial: toCardImageMessage(image).serial });
    },
  );

  it('says that a card is upside down', async () => {
    await ask('readers/kiosk-1/insert', { cardId: 'card-19' });
    await expect(slot.open()).rejects.toMatchObject({ code: 'reader.mute' });
  });

  it('loses a card at an APDU; it lies in the drawer then', async () => {
    await ask('readers/kiosk-1/insert', { cardId: 'card-2' });
    await ask('readers/kiosk-1/faults', { removeAfterApdus: 3 });
    await expect(read()).rejects.toMatchObject({ code: 'reader.removed' });
    expect((await ask('readers')).answer).toEqual([{ id: 'kiosk-1', cardId: null }]);
    expect((await ask('meters/000026001002/insert', { cardId: 'card-2' })).status).toBe(200);
  });

  it('is plugged into one host at a time', async () => {
    const second = await connectSandboxBus(`${sandbox.url.replace('http', 'ws')}/world/readers/kiosk-1/usb`);
    expect(await second.list()).toEqual([]);
    await second.close();
    await ask('readers/kiosk-1/insert', { cardId: 'card-1' });
    expect((await read()).chip).toBe('SLE4442');
  });
});

describe('the state file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'grid-sandbox-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps sales, meters and cards from one run to the next', async () => {
    const stateFile = join(folder, 'state.json');
    const first = await createGridSandbox({ keys: KEYS, stateFile });
    first.world.insert('000026001004', 'card-4');
    const platform = new Platform(first.world.books());
    platform.reverse({ orderNo: '260115100000000001', reason: 'not-found' });
    first.readers.insert('kiosk-1', 'card-1');
    const before = first.world.stored();
    await first.close();
    expect(statSync(stateFile).mode & 0o777).toBe(0o600);

    const second = await createGridSandbox({ keys: KEYS, stateFile });
    expect(second.world.stored()).toEqual(JSON.parse(JSON.stringify(before)));
    expect(second.world.drawer.get('card-1').place).toEqual({ in: 'drawer' });
    expect(second.world.insert('000026001004', 'card-4')).toMatchObject({ creditedFen: 0, error: null });
    expect(new Platform(second.world.books()).queryOriginal({ orderNo: '260115100000000001' })).toEqual({
      status: 'reversed',
    });
    const more = second.world.addHousehold({
      name: '新住户',
      address: '乌鲁木齐市天山区和平小区1号楼',
      chip: 'CPU',
      note: '',
      noteEn: '',
      counted: 1,
      balanceFen: 0,
    });
    expect(before.meters.map(({ meterNo }) => meterNo)).not.toContain(more.made.meter.meterNo);
    expect(before.cards.map(({ id }) => id)).not.toContain(more.cards[0]?.id);
    await second.close();
  });

  it('keeps replacements, unissued cards, cut days and the turned clock', async () => {
    const stateFile = join(folder, 'state.json');
    const first = await createGridSandbox({ keys: KEYS, stateFile });
    const request = { requestNo: 'R1', customerNo: '650100001001' };
    const stock = first.world.drawer.list().find(({ noteEn }) => noteEn.startsWith('Unissued SLE4442'));
    first.readers.insert('kiosk-1', stock?.id ?? '');
    const bus = await connectSandboxBus(`${first.url.replace('http', 'ws')}/world/readers/kiosk-1/usb`);
    const readers = await watchReaders(bus, (_, error) => {
      throw error;
    });
    const slot = readers.slots()[0] as CardSlot;
    const session = await slot.open();
    const image = toCardImageMessage(await readCard(await identifyChip(session, slot.model), session.atr));
    await session.end();
    await readers.close();
    const { serial } = new Platform(first.world.books()).replaceCard({ ...request, image });
    first.world.advance(3_600_000);
    const cut = first.world.cutDay();
    const meter = first.world.meter('000026001001');
    await first.close();

    const second = await createGridSandbox({ keys: KEYS, stateFile });
    const platform = new Platform(second.world.books());
    expect(platform.replaceCard({ ...request, image })).toMatchObject({ serial });
    expect(platform.identifyCustomer({ customerNo: request.customerNo })).toMatchObject({ serial });
    expect(second.world.drawer.get(stock?.id ?? '')).toMatchObject({ meterNo: '000026001001' });
    expect(second.world.days.cutAt(cut.day)).toBe(cut.at);
    expect(second.world.now()).toBeGreaterThan(Date.now() + 3_000_000);
    expect(second.world.meter('000026001001')).toEqual(meter);
    const serials = second.world.stored().stock.map((card) => card.serial);
    second.world.addStock();
    const all = second.world.stored().stock.map((card) => card.serial);
    expect([serials.includes(serial), new Set([...all, serial]).size]).toEqual([false, all.length + 1]);
    await second.close();
  });

  it('of before tariffs and credit from afar is filled in', async () => {
    const stateFile = join(folder, 'state.json');
    const first = await createGridSandbox({ keys: KEYS, stateFile });
    await first.close();
    const world = JSON.parse(readFileSync(stateFile, 'utf8')) as Record<string, Record<string, unknown>[]>;
    const without = (rows: Record<string, unknown>[] | undefined, names: string[]): unknown =>
      rows?.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name))));
    const { version, sales, cards } = world;
    const households = without(world['households'], ['tariff', 'discountPerMille', 'remote']);
    const meters = without(world['meters'], [
      'tariff',
      'loadW',
      'remoteFen',
      'relayOpen',
      'period',
      'usedWh',
    ]);
    writeFileSync(stateFile, JSON.stringify({ version, sales, cards, households, meters }));
    const second = await createGridSandbox({ keys: KEYS, stateFile });
    expect(second.world.meter('000026001001')).toMatchObject({
      balanceFen: 2340,
      tariff: '居民合表',
      alarm: 0,
    });
    expect(second.world.stored().stock).toHaveLength(METER_CHIPS.length);
    await second.close();
  });

  it('is refused where it is something else', async () => {
    const stateFile = join(folder, 'other.json');
    writeFileSync(stateFile, '{"version":99}');
    await expect(createGridSandbox({ keys: KEYS, stateFile })).rejects.toThrow('no state of this sandbox');
    expect(readFileSync(stateFile, 'utf8')).toBe('{"version":99}');
  });
});
