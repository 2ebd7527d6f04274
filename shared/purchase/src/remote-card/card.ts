import { toHex } from '@bianmin/card/bytes/hex';
import type { Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import { parseJson } from '@bianmin/card/json-text';
import { leaseFrom, type AskedAt } from '@bianmin/card/meter-card/lease';
import { imageDigest } from '@bianmin/card/meter-card/digest';
import { asMeterCardError } from '@bianmin/card/meter-card/error';
import type { CardImage } from '@bianmin/card/meter-card/image';
import type { Journal, JournalEntry } from '@bianmin/card/meter-card/journal';
import { writePlanSchema, type WritePlan } from '@bianmin/card/meter-card/plan';
import type { OnProgress } from '@bianmin/card/meter-card/progress';
import type { Recognise, RecognisedCard } from '@bianmin/card/meter-card/layout';
import { knownLayout, readCard } from '@bianmin/card/meter-card/read';
import { saysRefused } from '@bianmin/card/meter-card/says-refused';
import { toCardImageMessage } from '@bianmin/card/meter-card/wire';
import { isRemoval } from '@bianmin/card/reader/error';
import type { CardSlot } from '@bianmin/card/reader/slot';
import { RecordingSession } from '@bianmin/card/transcript/recorder';
import { notPermitted, RemoteCardError } from './error.ts';
import type { RecordedExchange, RemoteCommand, RemoteOutcome, RemoteResult } from './messages.ts';
import { keptExchanges } from './record.ts';
import { StagedWrite, type WriteTurn } from './staged-write.ts';
import { StepCheck, type SessionTerms } from './step-check.ts';

export interface RemoteCardInit {
  readonly terms: SessionTerms;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly recognise: Recognise;
  /** Opens a compact JWE with the terminal's own key; gives the plaintext. */
  readonly unseal: (jwe: string) => Promise<string>;
  readonly onProgress?: OnProgress;
}

export interface StepDone {
  readonly outcome: RemoteOutcome;
  /** The card left: the session cannot go on. */
  readonly removed: boolean;
  readonly exchanges: RecordedExchange[];
  readonly more: number;
}

interface Powered extends RecognisedCard {
  readonly session: RecordingSession;
}

type WriteCommand = Extract<RemoteCommand, { release: unknown }>;

/**
 * One card under a remote session, at the terminal: carries out one step at a time, refuses what the session's terms
 * do not permit, and keeps of what passed only what may be kept. Every failure is an outcome with a code.
 */
export class RemoteCard {
  readonly #init: RemoteCardInit;
  readonly #check: StepCheck;
  #card: Powered | undefined;
  #recording: RecordingSession | undefined;
  #image: CardImage | undefined;
  #write: { readonly staged: StagedWrite; readonly plan: WritePlan; readonly lease: number } | undefined;

  constructor(init: RemoteCardInit) {
    this.#init = init;
    this.#check = new StepCheck(init.terms);
  }

  /** Whether a card was identified and is powered; its removal ends the session. */
  get holds(): boolean {
    return this.#card !== undefined;
  }

  /** `askedAt`: when the step was asked for, by both clocks; a lease counts from there. */
  async run(command: RemoteCommand, slot: CardSlot, askedAt: AskedAt): Promise<StepDone> {
    const held = this.holds;
    const before = this.#recording;
    const start = before?.exchanges.length ?? 0;
    let removed = false;
    let outcome: RemoteOutcome;
    try {
      this.#check.step(command);
      outcome = { ok: true, result: await this.#do(command, slot, askedAt) };
    } catch (error) {
      removed = held && isRemoval(error);
      outcome = { ok: false, code: codeOf(asMeterCardError(error)) ?? 'remote-card.failed' };
    }
    const recording = this.#recording;
    const exchanges = recording?.exchanges.slice(recording === before ? start : 0) ?? [];
    return { outcome, removed, ...keptExchanges(exchanges) };
  }

  /** Ends what waits, and powers the card down. Never throws. */
  async close(): Promise<void> {
    this.#write?.staged.abandon();
    this.#write = undefined;
    this.#image = undefined;
    await this.#card?.session.end();
    this.#card = undefined;
  }

  async #do(command: RemoteCommand, slot: CardSlot, askedAt: AskedAt): Promise<RemoteResult> {
    if (command.do === 'identify') return this.#identify(slot);
    const card = this.#card;
    if (card === undefined) throw ended();
    switch (command.do) {
      case 'read': {
        const { zone, offset, length } = command;
        return { did: 'read', data: toHex(await card.driver.read({ zone, offset, length })) };
      }
      case 'read-card':
        this.#image = await readCard(card.driver, card.session.atr, knownLayout(card));
        this.#check.read();
        return { did: 'read-card', image: toCardImageMessage(this.#image) };
      case 'tries':
        return { did: 'tries', tries: (await card.driver.tries(command.key)) ?? null };
      case 'write':
        return this.#begin(card, command, askedAt);
      case 'continue':
        return this.#continue(command);
    }
  }

  async #identify(slot: CardSlot): Promise<RemoteResult> {
    await this.close();
    const session = new RecordingSession(await slot.open());
    this.#recording = session;
    try {
      const card = await this.#init.recognise(session, slot.model);
      const { driver, layout } = card;
      const serial = layout === undefined ? null : toHex(await driver.read(layout.serial));
      this.#check.identified(layout === undefined ? [] : [layout], serial);
      this.#card = { ...card, session };
      return { did: 'identify', chip: driver.chip, serial, layout: layout?.id ?? null };
    } catch (error) {
      await session.end();
      throw error;
    }
  }

  async #begin(card: Powered, command: WriteCommand, askedAt: AskedAt): Promise<RemoteResult> {
    const { journal, clock, onProgress } = this.#init;
    const image = this.#image;
    if (image === undefined) throw ended();
    const plan = await this.#open(command);
    const { lease, leaseMs } = command.release;
    const staged = new StagedWrite({
      driver: card.driver,
      layout: knownLayout(card),
      atr: card.session.atr,
      plan,
      lease: leaseFrom(askedAt, { no: lease, ms: leaseMs }),
      journal,
      clock,
      releasedDigest: imageDigest(image),
      image,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    this.#write = { staged, plan, lease };
    return this.#turn(() => staged.turn());
  }

  async #continue(command: WriteCommand): Promise<RemoteResult> {
    const staged = this.#write?.staged;
    if (staged === undefined) throw ended();
    return this.#turn(async () => staged.continue(await this.#open(command)));
  }

  async #open({ release }: WriteCommand): Promise<WritePlan> {
    const plan = writePlanSchema.safeParse(parseJson(await this.#init.unseal(release.sealed)));
    if (!plan.success) throw notPermitted('the plan is not as described');
    this.#check.plan(plan.data);
    return plan.data;
  }

  async #turn(take: () => Promise<WriteTurn>): Promise<RemoteResult> {
    // What is written on is not the image that was read any more, however it ends.
    this.#image = undefined;
    this.#check.write('none');
    try {
      const turn = await take();
      if ('asks' in turn) {
        this.#check.write('waits');
        const { lease, stage, gathered } = turn.asks;
        return { did: 'stage', asks: { lease, stage, gathered: { ...gathered } } };
      }
      const digest = turn.written.imageDigest;
      await this.#noteWritten(digest);
      this.#check.write('written');
      return { did: 'written', lease: this.#write?.lease ?? 0, imageDigest: digest };
    } catch (error) {
      this.#write?.staged.abandon();
      await this.#noteRefused(error);
      this.#write = undefined;
      throw error;
    }
  }

  /** A code or key that the card refused is claimed like any write that was given up: the server must hear of it. */
  async #noteRefused(error: unknown): Promise<void> {
    const entry = await this.#entry();
    if (entry === undefined) return;
    const reason = saysRefused(entry) ? entry.reason : codeOf(error);
    if ((entry.keys?.refused !== true && !saysRefused(entry)) || reason === undefined) return;
    await this.#init.journal.put({ ...entry, phase: 'failed', reason });
  }

  async #entry(): Promise<JournalEntry | undefined> {
    const orderNo = this.#write?.plan.orderNo;
    const entries = await this.#init.journal.list();
    return entries.find((each) => each.orderNo === orderNo && each.told !== true);
  }

  /** The journal's entry gets what the claim carries, so that the terminal can claim where the answer is lost. */
  async #noteWritten(digest: string): Promise<void> {
    const entry = await this.#entry();
    if (entry === undefined) return;
    const { reason: _, ...rest } = entry;
    await this.#init.journal.put({ ...rest, phase: 'written', imageDigest: digest });
  }
}

function ended(): RemoteCardError {
  return new RemoteCardError({
    code: 'remote-card.ended',
    message: 'The card is not powered any more. Identify it again.',
  });
}
