import type { CardImage } from '@bianmin/card/meter-card/image';
import { fromCardImageMessage } from '@bianmin/card/meter-card/wire';
import { systemClock } from '@bianmin/card/node/system-clock';
import { openCcidReader } from '@bianmin/card/reader/ccid-reader';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import type { MeterChip } from '@bianmin/card/testing/meter-files';
import { SimulatedReader } from '@bianmin/card/testing/sim-reader';
import type { CardUsage } from '@bianmin/card/testing/simulated-card';
import { cardWork } from '@bianmin/purchase/purchase/card-work';
import { gridKeysFrom, makeGridKeys } from '../../../server/sandbox/grid/keys.ts';
import { createGridSandbox, type GridSandbox } from '../../../server/sandbox/grid/sandbox.ts';
import { moreHouseholds } from '../../../server/sandbox/grid/world/more-households.ts';
import { createCollectionV1 } from '../../../server/src/gateways/grid/collection-v1.ts';
import type { GridGateway } from '../../../server/src/gateways/grid/contract.ts';

/** One purchase as its card saw it. */
export interface CardPurchase {
  readonly used: CardUsage;
  readonly before: CardImage;
  readonly after: CardImage;
  readonly creditedFen: number;
}

/** A grid with cards and meters, and the kiosk's card layer on a simulated reader: no server, no payment. */
export class CardBench {
  readonly #sandbox: GridSandbox;
  readonly #grid: GridGateway;
  #orders = 0;

  private constructor(sandbox: GridSandbox, grid: GridGateway) {
    this.#sandbox = sandbox;
    this.#grid = grid;
  }

  static async open(seed: number): Promise<CardBench> {
    const keys = makeGridKeys();
    const sandbox = await createGridSandbox({ keys: gridKeysFrom({ ...keys.sandbox }), seed: () => seed });
    const grid = createCollectionV1({
      url: sandbox.collectUrl,
      agent: keys.server.GRID_AGENT,
      signKey: keys.server.GRID_SIGN_KEY,
      gridPublicKey: keys.server.GRID_PUBLIC_KEY,
      timeoutMs: 10_000,
      clock: systemClock,
    });
    return new CardBench(sandbox, grid);
  }

  /**
   * A fresh household's card through one whole purchase, in the kiosk's order: put in and read, identified, sold,
   * opened and read again, the plan released against that, written, read back. Then its meter says what it credits.
   */
  async purchase(chip: MeterChip, faceFen: number): Promise<CardPurchase> {
    const { world } = this.#sandbox;
    const [household] = moreHouseholds(world, { count: 1, chip });
    if (household === undefined) throw new Error('The sandbox made no household.');
    const { sim } = world.drawer.get(household.cardId);
    sim.resetUsage();
    const device = new SimulatedReader({
      id: `bench-${household.cardId}`,
      realTime: false,
      clock: systemClock,
    });
    const reader = openCcidReader(device.attach());
    try {
      const [slot] = reader.slots;
      if (slot === undefined) throw new Error('The simulated reader has no slot.');
      device.insert(sim);
      const first = await cardWork.open(slot);
      await first.codeFault(new MemoryJournal());
      first.rest();
      const before = fromCardImageMessage(first.image);
      const orderNo = await this.#sell(before, faceFen);

      const card = await cardWork.open(slot);
      const image = fromCardImageMessage(card.image);
      await this.#grid.returnData(orderNo, image.regions);
      const outcome = await card.write({
        plan: await this.#grid.writePlan(orderNo, image),
        lease: { no: 1, expiresAtMonotonic: Number.MAX_SAFE_INTEGER },
        tries: 0,
        journal: new MemoryJournal(),
        clock: systemClock,
        onProgress: () => undefined,
        authorise: ({ stage, gathered }) => this.#grid.authorise({ orderNo, stage, gathered }),
      });
      if (outcome.result !== 'written') throw new Error(`${chip}: the write ended as ${outcome.result}.`);
      await card.end();
      const used = { ...sim.usage };

      const last = await cardWork.open(slot);
      await last.end();
      device.eject();
      const { creditedFen } = world.insert(household.meterNo, household.cardId);
      return { used, before, after: fromCardImageMessage(last.image), creditedFen };
    } finally {
      await reader.close();
    }
  }

  close(): Promise<void> {
    return this.#sandbox.close();
  }

  async #sell(image: CardImage, faceFen: number): Promise<string> {
    const { customerNo, meterNo, serial, soldCount } = await this.#grid.identify(image);
    this.#orders += 1;
    const orderNo = `2601010000${String(this.#orders).padStart(8, '0')}`;
    await this.#grid.sell({ orderNo, customerNo, meterNo, serial, faceFen, count: soldCount + 1 });
    return orderNo;
  }
}
