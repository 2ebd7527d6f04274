import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identifyChip } from '@bianmin/card/chip/identify';
import { METER_CHIPS } from '@bianmin/card/testing/meter-files';
import { readBuiltIn } from '@bianmin/card/testing/read-built-in';
import { toCardImageMessage } from '@bianmin/card/meter-card/wire';
import { connectSandboxBus } from '@bianmin/card/node/sandbox-bus';
import { watchReaders } from '@bianmin/card/reader/readers';
import type { CardSlot } from '@bianmin/card/reader/slot';
import { Platform } from '../platform/operations.ts';
import { gridKeysFrom, makeGridKeys } from '../keys.ts';
import { createGridSandbox } from '../sandbox.ts';

const KEYS = gridKeysFrom({ ...makeGridKeys().sandbox });

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
    const image = toCardImageMessage(await readBuiltIn(await identifyChip(session, slot.model), session.atr));
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
