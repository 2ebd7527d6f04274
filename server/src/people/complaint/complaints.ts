import type { Clock } from '@bianmin/card/clock';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { Logger } from 'pino';
import { ProblemError } from '../../kernel/problem.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import type { Scope } from '../../kernel/scope.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import { complaintIdOf, hasSaid, type Complaint, type ComplaintStep } from './complaint.ts';
import type { ComplaintStore } from './complaint-store.ts';
import type { ChannelComplaint, ComplaintSource } from '../../gateways/payment/complaint-contract.ts';
import { orderNoOf } from '../../orders/model/order-no.ts';

const HAND_MS = 60_000;
const AGAIN_MS = 60_000;
/** A wallet may tell late of what was raised a while ago. */
const OVERLAP_MS = 24 * 3_600_000;
const FIRST_LOOK_MS = 30 * 24 * 3_600_000;
const MAX_RACES = 10;
const MAX_STEPS = 50;
/** So many in one round; the next takes the rest. */
export const ROUND = 50;

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
}

export interface ComplaintsInit {
  readonly store: ComplaintStore;
  readonly sources: ReadonlyMap<Channel, ComplaintSource>;
  /** Whose order it is; undefined: none of ours. */
  readonly orgPathOf: (orderNo: string) => Promise<readonly string[] | undefined>;
  readonly seal: NumberSeal;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Complaints of all wallets in one queue: fetched, answered by a person, told to the wallet until it has heard. */
export class Complaints {
  readonly #init: ComplaintsInit;

  constructor(init: ComplaintsInit) {
    this.#init = init;
  }

  /** Asks every wallet what is new; one that does not answer is asked at the next time. Gives how many were new. */
  async fetch(): Promise<number> {
    let fresh = 0;
    for (const source of this.#init.sources.values()) {
      try {
        for await (const told of source.since(await this.#from(source.channel))) {
          if (await this.#keep(source, told)) fresh += 1;
        }
      } catch (error) {
        if (!(error instanceof PaymentError)) throw error;
        this.#init.log.warn({ err: error, channel: source.channel }, 'complaints could not be fetched');
      }
    }
    return fresh;
  }

  list(query: Parameters<ComplaintStore['list']>[0], scope: Scope): Promise<Complaint[]> {
    return this.#init.store.list(query, scope);
  }

  /** Throws `request.not-found`, also where it is outside of the scope. */
  async get(id: string, scope: Scope): Promise<Complaint> {
    const found = await this.#init.store.getWithin(id, scope);
    if (found !== null) return found;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such complaint.' });
  }

  /** The payer's words, for the one person who reads them. */
  wordsOf(complaint: Complaint): string {
    return this.#init.seal.open(complaint.text);
  }

  /** Answers the payer. Throws `request.not-found`, `complaint.finished`. */
  reply(id: string, by: Person, text: string): Promise<Complaint> {
    return this.#add(id, by, { kind: 'reply', text });
  }

  /** Says that it is settled; only after an answer. Throws `request.not-found`, `complaint.finished`, `complaint.unanswered`. */
  finish(id: string, by: Person): Promise<Complaint> {
    return this.#add(id, by, { kind: 'finish', text: '' });
  }

  /** One round of telling wallets what they have not heard; gives how many complaints were looked at. */
  async work(): Promise<number> {
    const { store, clock } = this.#init;
    for (let done = 0; done < ROUND; done += 1) {
      const now = clock.now();
      const complaint = await store.take(new Date(now), new Date(now + HAND_MS));
      if (complaint === null) return done;
      await this.#tell(complaint);
    }
    return ROUND;
  }

  async #from(channel: Channel): Promise<Date> {
    const { store, clock } = this.#init;
    const [newest, unfinished] = await Promise.all([store.newest(channel), store.oldestUnfinished(channel)]);
    const known = unfinished ?? newest;
    return new Date(known === null ? clock.now() - FIRST_LOOK_MS : known.getTime() - OVERLAP_MS);
  }

  /** True where it is new. One that we know may have been finished at the wallet itself. */
  async #keep(source: ComplaintSource, told: ChannelComplaint): Promise<boolean> {
    const { store, seal } = this.#init;
    const { no, raisedAt, problem, state, paymentNo, transactionId, amountFen } = told;
    const _id = complaintIdOf(source.channel, no);
    const known = await store.get(_id);
    if (known !== null) {
      // An ended one is told without what was said after it was raised.
      const added = state !== 'finished' && seal.open(known.text) !== told.text;
      const change = { state, ...(added ? { text: seal.seal(told.text) } : {}) };
      if (added || known.state !== state) await store.change(known, change);
      return false;
    }
    const orderNo = orderNoOf(paymentNo) ?? null;
    const orgPath = orderNo === null ? undefined : await this.#init.orgPathOf(orderNo);
    return store.insert({
      ...{ _id, channel: source.channel, no, problem, state, transactionId, amountFen, raisedAt },
      text: seal.seal(told.text),
      ...(orgPath === undefined ? { orderNo } : { orderNo, orgPath }),
      answerBy: new Date(raisedAt.getTime() + source.deadlines.answerMs),
      finishBy: new Date(raisedAt.getTime() + source.deadlines.finishMs),
      steps: [],
      version: 1,
      dueAt: null,
    });
  }

  async #add(
    id: string,
    by: Person,
    { kind, text }: Pick<ComplaintStep, 'kind' | 'text'>,
  ): Promise<Complaint> {
    const at = new Date(this.#init.clock.now());
    const step: ComplaintStep = { kind, text, at, by: by.id, byName: by.name, status: 'waiting' };
    for (let race = 0; race < MAX_RACES; race += 1) {
      const known = await this.get(id, by.scope);
      refuse(known, kind);
      const change = { steps: [...known.steps, step], dueAt: at };
      if (await this.#init.store.change(known, change))
        return { ...known, ...change, version: known.version + 1 };
    }
    throw new Error(`Complaint ${id} was changed by others ${MAX_RACES} times in a row.`);
  }

  /** In their order, and none before the one before it was heard. */
  async #tell(complaint: Complaint): Promise<void> {
    const { store, sources, clock, log } = this.#init;
    const source = sources.get(complaint.channel);
    const steps = [...complaint.steps];
    let { state } = complaint;
    let dueAt: Date | null = null;
    for (const [index, step] of steps.entries()) {
      if (step.status !== 'waiting') continue;
      const status = source === undefined ? 'waiting' : await this.#say(source, complaint.no, step);
      steps[index] = { ...step, status };
      if (status === 'waiting') {
        dueAt = new Date(clock.now() + AGAIN_MS);
        break;
      }
      if (status === 'sent') state = step.kind === 'finish' ? 'finished' : 'answered';
      else
        log.error(
          { complaint: complaint._id, kind: step.kind },
          'a wallet refused what a complaint was answered',
        );
    }
    // Where a step was added meanwhile, the hand's time runs out and both are looked at again.
    await store.change(complaint, { steps, state, dueAt });
  }

  async #say(source: ComplaintSource, no: string, step: ComplaintStep): Promise<ComplaintStep['status']> {
    try {
      await (step.kind === 'reply' ? source.reply(no, step.text) : source.finish(no));
      return 'sent';
    } catch (error) {
      if (!(error instanceof PaymentError)) throw error;
      this.#init.log.warn({ err: error, channel: source.channel }, 'a wallet has not heard of an answer yet');
      return error.code === 'payment.refused' ? 'refused' : 'waiting';
    }
  }
}

function refuse(known: Complaint, kind: ComplaintStep['kind']): void {
  if (known.state === 'finished' || hasSaid(known, 'finish') || known.steps.length >= MAX_STEPS) {
    throw new ProblemError({ code: 'complaint.finished', message: 'This complaint is already settled.' });
  }
  if (kind === 'finish' && known.state === 'open' && !hasSaid(known, 'reply')) {
    throw new ProblemError({
      code: 'complaint.unanswered',
      message: 'Answer the payer first. Then settle the complaint.',
    });
  }
}
