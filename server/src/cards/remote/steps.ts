import type { Logger } from 'pino';
import { parseJson } from '@bianmin/card/json-text';
import type { CardLayouts } from '@bianmin/card/meter-card/layout';
import { isRemovalCode } from '@bianmin/card/reader/error';
import type { AskedCommand } from '@bianmin/purchase/api/card-session';
import type { CardImageMessage } from '@bianmin/purchase/api/card-image';
import type { SealedPlan } from '@bianmin/purchase/api/order';
import { answerMessage, type AnswerMessage } from '@bianmin/purchase/remote-card/messages';
import type { StepAsked } from '@bianmin/purchase/remote-card/step-check';
import type { WritingTerminal } from '../../orders/desk/card-writes.ts';
import type { KeyPermit, PresentedCard, RefusedKeys } from '../../orders/desk/refused-keys.ts';
import { sealPlanStep, sealStep, type PlanCommand } from '../../orders/desk/seal-plan.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { checkAnswer, recordOf } from './answers.ts';
import { labelOf, plainCommand } from './asked.ts';
import { checkStep } from './check.ts';
import type { KeptPayloads } from './kept.ts';
import { endsSession, malformed, noSession, notPermitted, notYours, outOfOrder, over } from './problems.ts';
import { sha256 } from './session-keys.ts';
import { closed, holdsCard, outstanding, type Asker, type RemoteSession } from './session.ts';
import type { RemoteSessions } from './sessions.ts';
import type { RemoteWriter, RemoteWriters } from './writers.ts';

/** Numbers that a session has: `stepNumber`. */
const MAX_STEPS = 64;

export interface RemoteStepsInit {
  readonly sessions: RemoteSessions;
  readonly kept: KeptPayloads;
  readonly writers: RemoteWriters;
  readonly keys: Pick<RefusedKeys, 'refused'>;
  /** In force on this server. */
  readonly layouts: CardLayouts;
  readonly log: Logger;
}

/**
 * The steps of a session, strictly one after the other: one is asked, one is answered. Asking or answering a number
 * again with the same content changes nothing, so that either side may repeat what it is not sure of.
 */
export class RemoteSteps {
  readonly #init: RemoteStepsInit;

  constructor(init: RemoteStepsInit) {
    this.#init = init;
  }

  /**
   * Puts step `n`. Throws `card-session.not-yours`, `.closed`, `.out-of-order`, `.not-permitted`; for a write also what
   * its release throws.
   */
  async put(
    id: string,
    { n, command }: { n: number; command: AskedCommand },
    by: { asker: Pick<Asker, 'kind' | 'id'>; terminal: WritingTerminal },
  ): Promise<RemoteSession> {
    const { sessions, kept } = this.#init;
    const session = await sessions.get(id);
    if (session.asker.id !== by.asker.id || session.asker.kind !== by.asker.kind) throw notYours();
    if (session.state === 'closed') throw over();
    if (session.state === 'open') throw outOfOrder('The person at the terminal has not said yes yet.');
    const known = session.steps[n - 1];
    if (known !== undefined) {
      if (labelOf(known.asked) === labelOf(command)) return session;
      throw outOfOrder(`Step ${n} is another one. The next is ${session.steps.length + 1}.`);
    }
    checkDue(session, n);
    checkStep(session, command, this.#init.layouts);
    if (command.do === 'write') {
      const { lastTry = false } = command;
      // A blank card has every try; another one is not to be opened by force.
      if (lastTry && session.kind !== 'rewrite') {
        throw notPermitted("only a rewrite lets a card's code meet its last try");
      }
      const card = { image: await this.#image(session), lastTry };
      const release = await this.#writer(session).release(subjectOf(session), by.terminal, card);
      await kept.putRelease(session, n, { release, at: sessions.now().getTime() });
    }
    return this.#append(session, command);
  }

  /**
   * What the terminal is to do now: its session with the sealed step. A write that waits for its next stage gets it
   * here: the grid alone is asked. A plan leaves only where its card may still meet the grid's key.
   */
  async due(
    session: RemoteSession,
    terminal: WritingTerminal,
  ): Promise<{ session: RemoteSession; sealed?: string }> {
    const current = await this.#continued(session, terminal);
    const step = outstanding(current);
    if (current.state !== 'working' || step === undefined) return { session: current };
    const { n, asked } = step;
    const plain = plainCommand(asked);
    if (plain !== undefined) {
      const message = { session: current._id, n, command: plain };
      return { session: current, sealed: await sealStep(message, terminal.sealKey) };
    }
    try {
      const due = await this.#planDue(current, n, asked);
      if (due !== undefined) {
        const message = { session: current._id, n, command: due.command };
        return { session: current, sealed: await sealPlanStep(message, due.permit, terminal.sealKey) };
      }
    } catch (error) {
      if (!endsSession(error)) throw error;
      return { session: await this.#init.sessions.close(current._id, 'failed', error.code) };
    }
    // What was to be written is gone with the cache; the order is as it was and can be released again.
    return { session: await this.#init.sessions.close(current._id, 'failed', 'server.unavailable') };
  }

  /** Takes the answer to step `n`. Throws `card-session.closed`, `.out-of-order`, `request.malformed`. */
  async answer(
    id: string,
    terminalId: string,
    answer: { n: number; sealed: string },
  ): Promise<RemoteSession> {
    const { sessions, kept } = this.#init;
    const session = await sessions.get(id);
    if (session.terminalId !== terminalId) throw noSession();
    if (session.state === 'closed') throw over();
    const { message, repeat } = await this.#open(session, answer);
    const step = session.steps[message.n - 1];
    if (step === undefined) throw outOfOrder('This step was never asked.');
    if (step.answer !== undefined) {
      if (step.answer.repeat === repeat) return session;
      throw outOfOrder('This step has another answer already.');
    }
    const { outcome } = message;
    if (outcome.ok) {
      checkAnswer(session, step, outcome.result);
      await kept.putAnswer(session, message.n, outcome.result);
    }
    const record = recordOf(message, { at: sessions.now(), repeat });
    const answered = await sessions.change(id, (current) => {
      const now = current.steps[message.n - 1];
      if (now?.answer?.repeat === repeat) return undefined;
      if (now === undefined || now.answer !== undefined)
        throw outOfOrder('This step has another answer already.');
      const steps = current.steps.with(message.n - 1, { ...now, answer: record });
      // In one change: no step is put to a card that is not there any more, nor is the session taken for finished.
      if (holdsCard(current) && isRemovalCode(record.outcome)) {
        return closed({ ...current, steps }, { how: 'removed', at: record.at });
      }
      return { ...current, version: current.version + 1, steps };
    });
    await this.#claim(answered, message);
    if (!outcome.ok && outcome.code === 'meter-card.code-wrong') await this.#refused(answered);
    return answered;
  }

  async #open(
    session: RemoteSession,
    answer: { n: number; sealed: string },
  ): Promise<{ message: AnswerMessage; repeat: string }> {
    let clear: string;
    let json: unknown;
    try {
      clear = (await this.#init.kept.keys(session)?.open(answer.sealed)) ?? '';
      json = parseJson(clear);
    } catch {
      throw malformed('/body/sealed', 'does not open');
    }
    const parsed = answerMessage.safeParse(json);
    if (!parsed.success) throw malformed('/body/sealed', 'is no answer');
    const { data } = parsed;
    if (data.session !== session._id || data.n !== answer.n) {
      throw malformed('/body/sealed', 'is of another step');
    }
    return { message: data, repeat: sha256(clear) };
  }

  /** The terminal's journal claims the same again, where this does not come through. */
  async #claim(session: RemoteSession, { outcome }: AnswerMessage): Promise<void> {
    if (!outcome.ok || outcome.result.did !== 'written') return;
    const { lease, imageDigest } = outcome.result;
    try {
      await this.#writer(session).written(subjectOf(session), session.terminalId, {
        lease,
        result: 'written',
        imageDigest,
      });
    } catch (error) {
      this.#init.log.warn({ err: error, session: session._id }, 'a remote write could not be claimed yet');
    }
  }

  /** Heard at once: the terminal's journal claims it, with the tries that the card told, when it comes round to it. */
  async #refused(session: RemoteSession): Promise<void> {
    const card = presentedCard(session);
    if (card !== undefined) await this.#init.keys.refused(card, this.#init.sessions.now());
  }

  async #continued(session: RemoteSession, terminal: WritingTerminal): Promise<RemoteSession> {
    const { sessions, kept } = this.#init;
    const last = session.steps.at(-1);
    if (session.state !== 'working' || last?.answer?.write !== 'waits') return session;
    const answer = await kept.answer(session, last.n);
    if (answer?.did !== 'stage' || last.n >= MAX_STEPS) {
      return sessions.close(session._id, 'failed', 'server.unavailable');
    }
    try {
      const release = await this.#writer(session).next(subjectOf(session), terminal, answer.asks);
      await kept.putRelease(session, last.n + 1, { release, at: sessions.now().getTime() });
    } catch (error) {
      if (!endsSession(error)) throw error;
      return sessions.close(session._id, 'failed', error.code);
    }
    return this.#append(session, { do: 'continue' });
  }

  /** Another process may have put the same number meanwhile. */
  #append(session: RemoteSession, asked: StepAsked): Promise<RemoteSession> {
    const { sessions } = this.#init;
    const n = session.steps.length + 1;
    return sessions.change(session._id, (current) => {
      const known = current.steps[n - 1];
      if (known !== undefined && labelOf(known.asked) === labelOf(asked)) return undefined;
      checkDue(current, n);
      const steps = [...current.steps, { n, asked, askedAt: sessions.now() }];
      return { ...current, version: current.version + 1, steps };
    });
  }

  /** A plan that waits for its terminal, which may have had it before; undefined where it is gone. */
  async #planDue(
    session: RemoteSession,
    n: number,
    asked: StepAsked,
  ): Promise<{ readonly command: PlanCommand; readonly permit: KeyPermit } | undefined> {
    const { kept, sessions } = this.#init;
    const found = await kept.release(session, n);
    if (found === undefined) return undefined;
    const { lease, leaseMs } = found.release;
    const of = { lease, again: found.given === true };
    const permit = await this.#writer(session).permit(subjectOf(session), session.terminalId, of);
    if (found.given !== true) await kept.putRelease(session, n, { ...found, given: true });
    const passed = sessions.now().getTime() - found.at;
    const release: SealedPlan = { ...found.release, leaseMs: Math.max(0, leaseMs - passed) };
    return { command: { do: asked.do === 'write' ? 'write' : 'continue', release }, permit };
  }

  /**
   * The card as the newest step read it whole, and when. Throws `card-session.closed`, and `reading.missing` where the
   * newest step is another.
   */
  async justRead(session: RemoteSession): Promise<{ readonly image: CardImageMessage; readonly at: Date }> {
    if (session.state === 'closed') throw over();
    const last = session.steps.at(-1);
    const read = last?.asked.do === 'read-card' && last.answer?.outcome === 'done' ? last.answer : undefined;
    if (read !== undefined) return { image: await this.#image(session), at: read.at };
    throw new ProblemError({
      code: 'reading.missing',
      message: 'The newest step of this session did not read the whole card. Read it, then ask again.',
    });
  }

  /** The card as it was last read whole. */
  async #image(session: RemoteSession): Promise<CardImageMessage> {
    const step = session.steps.findLast(
      ({ asked, answer }) => asked.do === 'read-card' && answer?.outcome === 'done',
    );
    const answer = step === undefined ? undefined : await this.#init.kept.answer(session, step.n);
    if (answer?.did === 'read-card') return answer.image;
    throw notPermitted('The card has not been read whole.');
  }

  #writer(session: RemoteSession): RemoteWriter {
    const writer = this.#init.writers[session.kind];
    if (writer !== undefined) return writer;
    throw notPermitted('This server writes no such cards.');
  }
}

function subjectOf({ subject, _id }: RemoteSession): string {
  if (subject !== null) return subject;
  throw new Error(`Session ${_id} writes for nothing.`);
}

/** The card that the session drives, as it was last read whole. */
function presentedCard({ steps }: RemoteSession): PresentedCard | undefined {
  const answered = (verb: StepAsked['do']) =>
    steps.findLast(({ asked, answer }) => asked.do === verb && answer?.outcome === 'done')?.answer;
  const { chip, serial = null } = answered('identify') ?? {};
  if (chip === undefined || serial === null) return undefined;
  return { chip, serial, imageDigest: answered('read-card')?.digest };
}

function checkDue(session: RemoteSession, n: number): void {
  if (outstanding(session) !== undefined) throw outOfOrder('The step before has no answer yet.');
  const due = session.steps.length + 1;
  if (n !== due) throw outOfOrder(`The next step is ${due}.`);
}
