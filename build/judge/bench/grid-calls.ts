import { askedNow, leaseFrom } from '@bianmin/card/meter-card/lease';
import { randomInt } from 'node:crypto';
import { fromCardImageMessage } from '@bianmin/card/meter-card/wire';
import { systemClock } from '@bianmin/card/node/system-clock';
import type { CardSlot } from '@bianmin/card/reader/slot';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { cardWork } from '@bianmin/purchase/purchase/card-work';
import type { GridGateway, GridSale } from '../../../server/src/gateways/grid/contract.ts';
import { newOrderNo } from '../../../server/src/orders/model/order-no.ts';
import type { WorldHousehold } from '../../kit/sandbox-answers.ts';
import type { SandboxClient } from '../../kit/sandbox-client.ts';

const FACE_FEN = 5000;
/** Of a write that is never claimed to the server: there is none here. */
const LEASE_MS = 60_000;
const DIGEST = '0'.repeat(64);

/** Every call that the gateway makes in a household's dealings, each for its own sake and in its own order. */
export class GridDealings {
  readonly #gateway: GridGateway;
  readonly #sandbox: SandboxClient;
  readonly #slot: CardSlot;
  readonly #readerId: string;

  constructor(init: { gateway: GridGateway; sandbox: SandboxClient; slot: CardSlot; readerId: string }) {
    this.#gateway = init.gateway;
    this.#sandbox = init.sandbox;
    this.#slot = init.slot;
    this.#readerId = init.readerId;
  }

  /** A purchase that is written on its card. */
  async write({ cardId, customerNo, meterNo }: WorldHousehold): Promise<void> {
    const gateway = this.#gateway;
    await this.#sandbox.insert(this.#readerId, cardId);
    try {
      const card = await cardWork.open(this.#slot);
      try {
        const image = fromCardImageMessage(card.image);
        await gateway.identify(image);
        await gateway.quote({ customerNo, meterNo, faceFen: FACE_FEN });
        const { orderNo } = await this.#sell(customerNo);
        await gateway.queryOriginal(orderNo);
        await gateway.returnData(orderNo, image.regions);
        const outcome = await card.write({
          plan: await gateway.writePlan(orderNo, image),
          lease: leaseFrom(askedNow(systemClock), { no: 1, ms: LEASE_MS }),
          tries: 0,
          journal: new MemoryJournal(),
          clock: systemClock,
          onProgress: () => undefined,
          authorise: ({ stage, gathered }) => gateway.authorise({ orderNo, stage, gathered }),
        });
        if (outcome.result !== 'written') throw new Error(`A card was not written: ${outcome.result}.`);
        await gateway.confirmWrite(orderNo, DIGEST);
      } finally {
        await card.end();
      }
    } finally {
      await this.#sandbox.eject(this.#readerId);
    }
    await this.#credited(meterNo, () => this.#sandbox.meterInsert(meterNo, cardId));
  }

  /** A purchase that is credited from afar. */
  async credit({ customerNo, meterNo }: WorldHousehold): Promise<void> {
    const { orderNo } = await this.#sell(customerNo);
    await this.#credited(meterNo, () => this.#gateway.remoteCredit(orderNo));
    await this.#gateway.queryCredit(orderNo);
  }

  /** A purchase that is undone. */
  async reverse({ customerNo }: WorldHousehold): Promise<void> {
    const { orderNo } = await this.#sell(customerNo);
    await this.#gateway.reverse(orderNo, 'bench');
    await this.#gateway.queryReversal(orderNo);
  }

  /** A new card in place of the household's own. */
  async replace({ customerNo }: WorldHousehold, chip: string): Promise<void> {
    const cardId = await this.#sandbox.stock(chip);
    await this.#sandbox.insert(this.#readerId, cardId);
    try {
      const card = await cardWork.open(this.#slot);
      await card.end();
      const image = fromCardImageMessage(card.image);
      await this.#gateway.replaceCard({ requestNo: number(), customerNo, image });
    } finally {
      await this.#sandbox.eject(this.#readerId);
    }
  }

  async bill(day: string): Promise<void> {
    await (await this.#gateway.dailyBill(day)).close();
  }

  async #sell(customerNo: string): Promise<GridSale> {
    const { serial, soldCount, meterNo } = await this.#gateway.identifyCustomer(customerNo);
    const orderNo = number();
    return this.#gateway.sell({
      ...{ orderNo, customerNo, meterNo, serial, faceFen: FACE_FEN },
      count: soldCount + 1,
    });
  }

  /** A call that moved money counts only where the meter says so too. */
  async #credited(meterNo: string, deal: () => Promise<unknown>): Promise<void> {
    const before = await this.#sandbox.meter(meterNo);
    await deal();
    const { balanceFen } = await this.#sandbox.meter(meterNo);
    if (balanceFen - before.balanceFen === FACE_FEN) return;
    throw new Error(`Meter ${meterNo} credited ${balanceFen - before.balanceFen} of ${FACE_FEN} fen.`);
  }
}

function number(): string {
  return newOrderNo(new Date(), randomInt);
}
