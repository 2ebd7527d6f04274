import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import type { CardTaskEntry } from './platform/card-tasks.ts';
import { GridDrivesCards } from './card-task-kit.ts';

let g: GridDrivesCards;
beforeAll(async () => {
  g = await GridDrivesCards.open();
});
afterAll(() => g.close());
beforeEach(() => g.fresh());

describe('the worker', () => {
  it('drives for the grid where its configuration says so', async () => {
    const kiosk = await g.kioskHere();
    const taskNo = g.wanted(kiosk);
    const worker = await g.w.worker();
    await g.until(kiosk, () => kiosk.remote.view.state === 'asked');
    await kiosk.remote.command('no');
    await g.until(kiosk, () => g.task(taskNo).end !== null);
    await worker.close();
  });
});

describe('the sandbox', () => {
  const world = async (
    path: string,
    body: object,
  ): Promise<{ status: number; json: Partial<CardTaskEntry> }> => {
    const response = await fetch(`${g.sandbox.url}/world/${path}`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    });
    return { status: response.status, json: (await response.json()) as Partial<CardTaskEntry> };
  };

  it('wants a look where it is told to by hand, asks for more, and shows what it heard', async () => {
    const kiosk = await g.kioskHere();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 81 });
    const body = { terminalId: kiosk.terminal.id, steps: [{ do: 'identify' }], open: true };
    const { json } = await world('card-tasks', body);
    g.passed += 11_000;
    await g.driver.round();
    const terminals: unknown = await (await fetch(`${g.sandbox.url}/world/card-tasks/terminals`)).json();
    expect(terminals).toContain(kiosk.terminal.id);
    const taskNo = json.taskNo ?? '';
    expect(json).toMatchObject({ kind: 'inspect', askedBy: '李工', heard: [], end: null });
    await g.agreed(kiosk);
    kiosk.reader.insert(card);
    await g.driven(kiosk, () => g.task(taskNo).heard.at(-1)?.next.next === 'wait');
    expect((await world(`card-tasks/${taskNo}/steps`, { steps: [{ do: 'tries', key: 0 }] })).status).toBe(
      200,
    );
    await g.driven(kiosk, () => g.task(taskNo).end !== null);
    expect((await world(`card-tasks/${taskNo}/steps`, {})).status).toBe(409);
    expect((await world('card-tasks', { terminalId: 'nobody' })).status).toBe(400);
    const listed = (await (await fetch(`${g.sandbox.url}/world/card-tasks`)).json()) as CardTaskEntry[];
    expect(listed.find((each) => each.taskNo === taskNo)).toMatchObject({
      end: { end: 'finished', done: 2 },
    });
  });
});
