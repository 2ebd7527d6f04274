import { decodeProtectedHeader } from 'jose';
import type { Clock } from '@bianmin/card/clock';
import { parseJson } from '@bianmin/card/json-text';
import {
  enrolPayload,
  type EcPublicJwk,
  type EnrolPayload,
  type EnrolResponse,
} from '@bianmin/purchase/api/terminal';
import type { AuditTrail } from '../../access/audit.ts';
import { enrolCodeWindows } from '../../access/guess-limits.ts';
import type { GuessLimiter } from '../../access/guesses.ts';
import type { RateLimiter } from '../../adapters/redis/rate-limit.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { EnrolCodeStore } from '../store/enrol-codes.ts';
import type { Terminal, TerminalStore } from '../store/terminals.ts';
import type { Beater, BeatKeys } from './beat-keys.ts';
import { openJws } from './jws.ts';
import { importedKey, publicJwk, terminalIdOf } from './keys.ts';
import type { ReplayGuard } from './replay.ts';
import { NEW_KEYS_PER_HOUR, WAITING_MOST } from './waiting.ts';

/** How far an enrolment's `iat` may lie from our clock, either way. */
const WINDOW_S = 300;

export interface EnrolmentInit {
  readonly terminals: TerminalStore;
  readonly codes: EnrolCodeStore;
  /** Puts a terminal into the organisation that its code was made for. */
  readonly place: (terminalId: string, org: string) => Promise<void>;
  readonly replay: ReplayGuard;
  readonly guesses: GuessLimiter;
  readonly limiter: Pick<RateLimiter, 'take'>;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  /** What commands are signed with. */
  readonly commandKey: EcPublicJwk | undefined;
  readonly beatKeys: Pick<BeatKeys, 'grant'>;
}

/** What comes with an enrolment, and is not its terminal's word. */
interface EnrolCall {
  readonly ip: string;
  readonly traceId: string;
  /** A key for beats is wanted, too. */
  readonly beatKey?: boolean;
}

/** Takes terminals in: a key that proves itself becomes a terminal, accepted at once only by a one-time code. */
export class Enrolment {
  readonly #init: EnrolmentInit;

  constructor(init: EnrolmentInit) {
    this.#init = init;
  }

  /** Repeatable: the same key gives the same terminal with the status that it has by now. */
  async enrol(jws: string, { beatKey = false, ...where }: EnrolCall): Promise<EnrolResponse> {
    const { payload, jkt } = await this.#open(jws);
    const id = terminalIdOf(jkt);
    const { signKey, sealKey, kind, name, version, engine } = payload;
    const enrolledAt = new Date(this.#init.clock.now());
    const { terminals, limiter } = this.#init;
    let isNew = false;
    const terminal = await terminals.enrol(
      {
        _id: id,
        signKey,
        sealKey,
        kind,
        name,
        version,
        ...(engine === undefined ? {} : { engine }),
        enrolledAt,
      },
      async () => {
        await limiter.take(`enrol-new:${where.ip}`, NEW_KEYS_PER_HOUR, 3_600_000);
        isNew = true;
      },
    );
    const status =
      terminal.status !== 'pending' || payload.code === undefined
        ? terminal.status
        : await this.#acceptByCode(terminal, payload.code, where);
    if (isNew && status === 'pending') await terminals.forgetWaitingBeyond(WAITING_MOST);
    const { commandKey, beatKeys } = this.#init;
    return {
      ...{ terminalId: id, status },
      ...(commandKey === undefined ? {} : { commandKey }),
      ...(beatKey && status === 'accepted'
        ? { beatKey: await beatKeys.grant(await this.#beaterOf(terminal), sealKey) }
        : {}),
    };
  }

  /** Where a code has just put it, the record that was read before does not say. */
  async #beaterOf(read: Terminal): Promise<Beater> {
    const terminal = read.status === 'accepted' ? read : ((await this.#init.terminals.get(read._id)) ?? read);
    const { _id: terminalId, kind, orgPath = PROVINCE_PATH } = terminal;
    return { terminalId, kind, orgPath };
  }

  async #open(jws: string): Promise<{ payload: EnrolPayload; jkt: string }> {
    const { payload, jkt } = await verified(jws);
    const nowS = this.#init.clock.now() / 1000;
    if (Math.abs(payload.iat - nowS) > WINDOW_S) throw refuse('It is stale: set the terminal’s clock.');
    if (!(await this.#init.replay.first(`enrol:${jkt}`, payload.jti, 2 * WINDOW_S))) {
      throw refuse('It has been used before.');
    }
    return { payload, jkt };
  }

  async #acceptByCode(
    terminal: Terminal,
    code: string,
    where: { ip: string; traceId: string },
  ): Promise<EnrolResponse['status']> {
    const { codes, terminals, guesses, audit, clock } = this.#init;
    const at = new Date(clock.now());
    const trail = { who: { kind: 'terminal', id: terminal._id }, target: terminal._id, where } as const;
    const guess = { factor: 'enrol-code', windows: enrolCodeWindows(where.ip), trail } as const;
    const taken = await guesses.test(guess, () => codes.take(code, terminal._id, at));
    if (taken === null) return terminal.status;
    await audit.record({
      ...trail,
      action: 'terminal.accept',
      data: { by: 'enrol-code', ...(taken.org === undefined ? {} : { community: taken.org }) },
    });
    // First: not one order of it is made under another path.
    if (taken.org !== undefined) await this.#init.place(terminal._id, taken.org);
    const accepted = await terminals.decide({
      id: terminal._id,
      from: ['pending'],
      to: 'accepted',
      by: 'enrol-code',
      at,
    });
    return accepted?.status ?? (await terminals.get(terminal._id))?.status ?? 'pending';
  }
}

async function verified(jws: string): Promise<{ payload: EnrolPayload; jkt: string }> {
  try {
    const header = decodeProtectedHeader(jws);
    const key = publicJwk(header.jwk);
    if (header.typ !== 'enrol+jws' || key === undefined)
      throw refuse('Its header is not that of an enrolment.');
    const { verify, jkt } = await importedKey(key);
    const clear = openJws(jws, verify);
    if (clear === undefined) throw refuse('Its signature is wrong.');
    const payload = enrolPayload.parse(parseJson(clear.toString('utf8')));
    if ((await importedKey(payload.signKey)).jkt !== jkt) {
      throw refuse('It is signed by another key than the one it names.');
    }
    return { payload, jkt };
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw refuse('It cannot be read or its signature is wrong.', error);
  }
}

function refuse(why: string, cause?: unknown): ProblemError {
  return new ProblemError({
    code: 'terminal.bad-proof',
    message: `The enrolment is not valid. ${why}`,
    cause,
  });
}
