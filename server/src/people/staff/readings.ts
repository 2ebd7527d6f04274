import { randomBytes } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import { imageDigest } from '@bianmin/card/meter-card/digest';
import type { CardImageMessage } from '@bianmin/purchase/api/card-image';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { Where } from '../../access/approvals.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { asking } from '../../orders/desk/grid-problem.ts';
import { imageOf, serialOf } from '../../orders/desk/wire-image.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { CardRead, Reading, ReadingStore } from './readings-store.ts';

/** From the request to the terminal's answer: the card lies in the reader already. */
const READ_WITHIN_MS = 2 * 60_000;
/** How long a reading says what the card is now: time for a second person to decide, and no time to go home. */
export const READING_GOOD_MS = 10 * 60_000;

export interface ReadingsInit {
  readonly store: Pick<ReadingStore, 'insert' | 'get' | 'fill'>;
  readonly orders: OrderStore;
  readonly grid: GridGateway;
  readonly audit: Pick<AuditTrail, 'record'>;
  readonly clock: Clock;
}

/**
 * Cards read under the server's nonce: the terminal's proof of possession (DPoP, RFC 9449) covers the address that the
 * nonce is part of, so a reading is of that terminal and of now. That the bytes are those of the card is the terminal's
 * word, as everywhere; a memory card may have a copy, which is why a reading alone undoes nothing that was released.
 */
export class Readings {
  readonly #init: ReadingsInit;

  constructor(init: ReadingsInit) {
    this.#init = init;
  }

  async request(
    init: { orderNo: string; terminalId: string },
    by: AdminPrincipal,
    where: Where,
  ): Promise<Reading> {
    const { store, audit, clock } = this.#init;
    const now = clock.now();
    const reading: Reading = {
      _id: randomBytes(32).toString('base64url'),
      ...init,
      by: by.userId,
      createdAt: new Date(now),
      expiresAt: new Date(now + READ_WITHIN_MS),
    };
    await audit.record(
      byAdmin(by, {
        action: 'reading.request',
        target: init.orderNo,
        where,
        data: { terminalId: init.terminalId },
      }),
    );
    await store.insert(reading);
    return reading;
  }

  /**
   * The same of a card that its terminal has just read in a remote session, whose steps and answers are sealed between it
   * and us. Throws `reading.stale` where that was too long ago, and the card problems.
   */
  async ofSession(
    init: { orderNo: string; terminalId: string; image: CardImageMessage; at: Date },
    by: AdminPrincipal,
    where: Where,
  ): Promise<Reading> {
    const { orderNo, terminalId, image, at } = init;
    if (this.#init.clock.now() - at.getTime() > READ_WITHIN_MS) {
      throw stale('The session read the card too long ago. Read it whole once more.');
    }
    const { _id } = await this.request({ orderNo, terminalId }, by, where);
    return this.take(_id, terminalId, image);
  }

  /** Throws `request.not-found`. */
  async get(nonce: string): Promise<Reading> {
    const reading = await this.#init.store.get(nonce);
    if (reading === null) {
      throw new ProblemError({ code: 'request.not-found', message: 'No such reading was asked for.' });
    }
    return reading;
  }

  /** What the terminal read. The same reading may be sent again; another one under the same nonce is refused. */
  async take(nonce: string, terminalId: string, message: CardImageMessage): Promise<Reading> {
    const reading = await this.get(nonce);
    if (reading.terminalId !== terminalId) throw stale('This reading was asked of another terminal.');
    const image = imageOf(message);
    const digest = imageDigest(image);
    if (reading.read !== undefined) return sameRead(reading, digest);
    if (reading.expiresAt.getTime() <= this.#init.clock.now()) {
      throw stale('This reading was asked for too long ago.');
    }
    const order = await this.#init.orders.get(reading.orderNo);
    const card = await asking(this.#init.grid.identify(image));
    const read: CardRead = {
      at: new Date(this.#init.clock.now()),
      serial: serialOf(image),
      imageDigest: digest,
      sameHousehold: card.meterNo === order?.meterNo && card.customerNo === order.customerNo,
      cardCount: card.cardCount,
      soldCount: card.soldCount,
      creditedCount: card.creditedCount,
    };
    const filled = await this.#init.store.fill(nonce, read);
    return filled ?? sameRead(await this.get(nonce), digest);
  }

  /** A reading of this order's card that is of now. Throws `reading.missing` or `reading.stale`. */
  async good(nonce: string, orderNo: string): Promise<CardRead> {
    const { read, ...reading } = await this.get(nonce);
    if (reading.orderNo !== orderNo) throw stale('This reading was asked for another order.');
    if (read === undefined) {
      throw new ProblemError({
        code: 'reading.missing',
        message: 'The card has not been read yet. Put it into the reader of the named terminal.',
      });
    }
    if (this.#init.clock.now() - read.at.getTime() > READING_GOOD_MS) {
      throw stale('The card was read too long ago. Read it again.');
    }
    return read;
  }

  /** Until when a reading says what the card is; empty where none came yet. */
  async goodUntil(nonce: string): Promise<string> {
    const { read } = await this.get(nonce);
    return read === undefined ? '' : new Date(read.at.getTime() + READING_GOOD_MS).toISOString();
  }
}

function sameRead(reading: Reading, digest: string): Reading {
  if (reading.read?.imageDigest === digest) return reading;
  throw stale('Another card was read under this nonce. Ask for another reading.');
}

function stale(message: string): ProblemError {
  return new ProblemError({ code: 'reading.stale', message });
}
