import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identifyChip } from '@bianmin/card/chip/identify';
import type { CardImage } from '@bianmin/card/meter-card/image';
import { readBuiltIn } from '@bianmin/card/testing/read-built-in';
import { toCardImageMessage } from '@bianmin/card/meter-card/wire';
import { connectSandboxBus } from '@bianmin/card/node/sandbox-bus';
import { watchReaders, type Readers } from '@bianmin/card/reader/readers';
import type { CardSlot } from '@bianmin/card/reader/slot';
import { Platform } from '../platform/operations.ts';
import { gridKeysFrom, makeGridKeys } from '../keys.ts';
import { createGridSandbox, type GridSandbox } from '../sandbox.ts';
import { askWorld } from '../ask-world.ts';

const KEYS = gridKeysFrom({ ...makeGridKeys().sandbox });

let sandbox: GridSandbox;
beforeEach(async () => {
  sandbox = await createGridSandbox({ keys: KEYS });
});
afterEach(() => sandbox.close());

const ask = (path: string, body?: unknown): Promise<{ status: number; answer: unknown }> =>
  askWorld(sandbox, path, body);

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
      return await readBuiltIn(await identifyChip(session, slot.model), session.atr);
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
    await ask('readers/kiosk-1/insert', { cardId: 'card-20' });
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
