import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { CHIP_NAMES, type ChipName } from '@bianmin/card/chip/contract';
import { saysRefused } from '@bianmin/card/meter-card/says-refused';
import type { ClaimRequest } from '@bianmin/purchase/api/order';
import type { Ephemeral } from '../../adapters/redis/ephemeral.ts';
import { ProblemError } from '../../kernel/problem.ts';

/** Cards that a key must be refused by before it is tried on no further one. */
const CARDS = [1, 2] as const;
/** How long a refusal speaks against the grid's key, ms; then two more cards may meet it. */
const AGAINST_KEY_MS = 24 * 3_600_000;
/** How long it speaks against presenting another to the card that refused it, ms. */
const AGAINST_CARD_MS = 90 * 24 * 3_600_000;
/** As good as none: what is kept here has no other end. */
const AT_ONCE_MS = 1;

/** A card as it was read. */
export interface PresentedCard {
  readonly chip: ChipName;
  readonly serial: string;
  /** Absent where its plan left before this was kept. */
  readonly imageDigest?: string | undefined;
}

/** When a claim came, and when the plan that it is of had left. */
export interface ClaimTimes {
  readonly now: Date;
  readonly released: Date | undefined;
}

declare const PERMIT: unique symbol;
/** That a card may meet the grid's key now. Only `RefusedKeys.permit` makes one, and no plan is sealed without. */
export interface KeyPermit {
  readonly [PERMIT]: true;
  readonly chip: ChipName;
  readonly serial: string;
  readonly lastTry: boolean;
}

/** A key of the grid's that is not tried any more. */
export interface RefusedKey {
  readonly chip: ChipName;
  readonly since: Date;
}

/**
 * Keys of the grid that cards refused: one that two different cards of a chip refused, and none accepted since, is tried on no
 * third; a CPU card that refused one meets no other while it holds what it held then. Staff (`lastTry`) pass both, and a card
 * that is written under a plan which left since lifts the first. Every stage of a plan asks as it leaves: what a terminal has by
 * then may still meet its card. Kept in Redis: where it is lost, two more cards may each lose a try.
 */
export class RefusedKeys {
  readonly #kept: Ephemeral;
  readonly #log: Logger;

  constructor(init: { ephemeral: Ephemeral; log: Logger }) {
    this.#kept = init.ephemeral;
    this.#log = init.log;
  }

  /** What a terminal says became of a plan. Never throws. */
  async heard(
    { chip, serial }: Pick<PresentedCard, 'chip' | 'serial'>,
    claim: ClaimRequest,
    { now, released }: ClaimTimes,
  ): Promise<void> {
    if (tellsRefusal(claim)) await this.refused({ chip, serial, imageDigest: claim.imageDigest }, now);
    else if (claim.result === 'written' && released !== undefined) {
      await this.#quietly(() => this.#accepted(chip, released));
    }
  }

  /** A card refused the grid's key; told again it counts once. Never throws. */
  async refused(card: PresentedCard, now: Date): Promise<void> {
    await this.#quietly(() => this.#refused(card, now));
  }

  /**
   * For a plan that is about to leave; throws as `check`. `lastTry`: staff let it meet whatever tries are left. `again`: the
   * terminal had it before, and the answer was lost.
   */
  async permit(
    card: PresentedCard,
    by: { readonly lastTry: boolean; readonly again?: boolean },
  ): Promise<KeyPermit> {
    if (!by.lastTry && by.again !== true) await this.check(card);
    const { chip, serial } = card;
    return { chip, serial, lastTry: by.lastTry } as KeyPermit;
  }

  /** Throws `card.key-refused` or `grid.key-refused`; nothing where Redis does not answer. */
  async check(card: PresentedCard): Promise<void> {
    const found = await this.#quietly(async () => {
      const isKnown = card.chip === 'CPU' && card.imageDigest !== undefined;
      if (isKnown && (await this.#kept.get(cardKey(card))) === card.imageDigest) return 'card';
      return (await this.#open(card.chip)) === undefined ? undefined : 'grid';
    });
    if (found === 'card') {
      throw new ProblemError({
        code: 'card.key-refused',
        message:
          'This card refused a key and could lock itself at the next one. Staff decide whether it is tried again.',
      });
    }
    if (found === 'grid') {
      throw new ProblemError({
        code: 'grid.key-refused',
        message:
          'Two cards of this kind refused the key of the grid, so it is tried on no other. The grid must look at its key.',
      });
    }
  }

  /** Of every chip; fails where Redis does not answer. */
  async refusedNow(): Promise<RefusedKey[]> {
    const all = await Promise.all(
      CHIP_NAMES.map(async (chip) => {
        const since = await this.#open(chip);
        return since === undefined ? [] : [{ chip, since }];
      }),
    );
    return all.flat();
  }

  async #refused(card: PresentedCard, now: Date): Promise<void> {
    if (card.imageDigest !== undefined) {
      await this.#kept.put(cardKey(card), card.imageDigest, AGAINST_CARD_MS);
    }
    const value = JSON.stringify([cardKey(card), now.getTime()]);
    for (const n of CARDS) {
      const isNew = await this.#kept.putNew(slotKey(card.chip, n), value, AGAINST_KEY_MS);
      if (isNew || slotOf(await this.#kept.get(slotKey(card.chip, n)))?.card === cardKey(card)) return;
    }
  }

  async #accepted(chip: ChipName, released: Date): Promise<void> {
    const slots = await this.#slots(chip);
    for (const [nth, n] of CARDS.entries()) {
      const slot = slots[nth];
      if (slot === undefined || slot.at > released.getTime()) continue;
      await this.#kept.put(slotKey(chip, n), '', AT_ONCE_MS);
    }
  }

  async #slots(chip: ChipName): Promise<ReturnType<typeof slotOf>[]> {
    return (await this.#kept.getAll(CARDS.map((n) => slotKey(chip, n)))).map(slotOf);
  }

  /** Since when the chip's key is not tried; undefined: it is. */
  async #open(chip: ChipName): Promise<Date | undefined> {
    const times = (await this.#slots(chip)).flatMap((slot) => (slot === undefined ? [] : [slot.at]));
    return times.length < CARDS.length ? undefined : new Date(Math.max(...times));
  }

  async #quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#log.warn({ err: error }, 'refused keys are not known now');
      return undefined;
    }
  }
}

export function tellsRefusal(claim: ClaimRequest): boolean {
  return claim.result === 'failed' && saysRefused(claim);
}

function slotKey(chip: ChipName, n: number): string {
  return `refused-key:${chip}:${n}`;
}

function cardKey({ chip, serial }: Pick<PresentedCard, 'chip' | 'serial'>): string {
  return `refused-by:${createHash('sha256').update(`${chip} ${serial}`).digest('hex')}`;
}

function slotOf(value: string | null): { readonly card: string; readonly at: number } | undefined {
  if (value === null || value === '') return undefined;
  const [card, at] = JSON.parse(value) as [string, number];
  return { card, at };
}
