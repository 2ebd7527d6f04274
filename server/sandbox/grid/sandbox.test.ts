import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { METER_CHIPS } from '@bianmin/card/testing/meter-files';
import { gridKeysFrom, makeGridKeys } from './keys.ts';
import { createGridSandbox, type GridSandbox } from './sandbox.ts';
import { askWorld } from './ask-world.ts';

const KEYS = gridKeysFrom({ ...makeGridKeys().sandbox });

let sandbox: GridSandbox;

beforeEach(async () => {
  sandbox = await createGridSandbox({ keys: KEYS });
});

afterEach(() => sandbox.close());

const ask = (path: string, body?: unknown): Promise<{ status: number; answer: never }> =>
  askWorld(sandbox, path, body);

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
    expect(await insert('card-19')).toMatchObject({ creditedFen: 0, error: 7 });
    expect(await insert('card-20')).toMatchObject({ creditedFen: 0, error: 4 });
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
    ['readers/a%20b/insert', { cardId: 'card-1' }, 400],
    ['faults/grid', { operation: 'sell', fault: 'earthquake' }, 400],
    ['nowhere', undefined, 404],
    ['meters', {}, 404],
  ])('says what is wrong with %s', async (path, body, status) => {
    const { status: got, answer } = await ask(path, body);
    expect(got).toBe(status);
    expect(answer).toHaveProperty('message');
  });
});
