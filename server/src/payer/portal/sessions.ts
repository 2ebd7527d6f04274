import { timingSafeEqual } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import {
  portalCommand,
  portalView,
  type JoinedPhoneVisit,
  type JoinedPortalSession,
  type OpenedPhoneVisit,
  type PortalCommand,
  type PortalEntry,
  type PortalSession,
  type PortalState,
  type SyncedPortalSession,
  type SyncPortalSession,
} from '@bianmin/purchase/api/portal';
import { noPortalSession, notByPhone, portalViewTooLarge } from './problems.ts';
import {
  commandsKey,
  digest,
  phoneCodeKey,
  secret,
  sessionKey,
  stateOf,
  storedVisit,
  tokenKey,
  type StoredVisit,
} from './visit.ts';
import { siteUrl } from '../../kernel/site-url.ts';

/** From its last use by either side; a purchase with all its waiting fits in. */
export const SESSION_MS = 15 * 60_000;
/** The app is started by the page that holds the token, at once. */
const TOKEN_MS = 2 * 60_000;
/** A phone is taken out, unlocked and held before the screen. */
export const PHONE_CODE_MS = 5 * 60_000;
/** An app that asks every second, and every fifteen when it got no answer, and has not for so long is away. */
export const AWAY_MS = 20_000;
/** A page that asks every second or two and has not for so long is gone. */
export const FOLLOWED_MS = 10_000;
/** Bytes of JSON. */
const MAX_VIEW = 8_192;
/** Commands that wait for an app that does not come for them. */
const MAX_COMMANDS = 20;

const queued = z.object({ no: z.int(), for: z.int(), command: portalCommand });

/**
 * A portal's page and the app that it started, or a box and the phone that scanned its screen, brought together for one
 * visit. In Redis alone: a lost session sends the household to the app's own screens, and neither side can move money by
 * it.
 */
export class PortalSessions {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #publicUrl: string;

  constructor(init: {
    redis: Redis;
    clock: Clock;
    /** Where a phone reaches the pages. */
    publicUrl: string;
  }) {
    this.#redis = init.redis;
    this.#clock = init.clock;
    this.#publicUrl = siteUrl(init.publicUrl);
  }

  async open(entry: PortalEntry): Promise<PortalSession> {
    const [id, key, token] = [secret(), secret(), secret()];
    const expiresAt = this.#clock.now() + SESSION_MS;
    await this.#redis
      .multi()
      .hset(sessionKey(id), { key: digest(key), entry, expiresAt, followedAt: this.#clock.now() })
      .pexpire(sessionKey(id), SESSION_MS)
      .set(tokenKey(token), id, 'PX', TOKEN_MS)
      .exec();
    return { id, key, token, expiresAt: new Date(expiresAt).toISOString() };
  }

  /** A box's: its code stands behind `#`, which no browser sends, so that it is in no log of addresses. */
  async openForPhone(terminalId: string): Promise<OpenedPhoneVisit> {
    const [id, code] = [secret(), secret()];
    const now = this.#clock.now();
    await this.#redis
      .multi()
      .hset(sessionKey(id), {
        ...{ terminal: terminalId, metAt: now },
        ...{ expiresAt: now + SESSION_MS, codeUntil: now + PHONE_CODE_MS },
      })
      .pexpire(sessionKey(id), SESSION_MS)
      .set(phoneCodeKey(code), id, 'PX', PHONE_CODE_MS)
      .exec();
    return { id, url: `${this.#publicUrl}/p/#/tv/${code}` };
  }

  /** A phone's: the first key has the visit. The same one may come again, as after an answer that was lost. */
  async joinByPhone(code: string, key: string): Promise<JoinedPhoneVisit> {
    const id = await this.#redis.get(phoneCodeKey(code));
    if (id === null) throw noPortalSession();
    const { ended, codeUntil } = await this.#load(id);
    if (ended !== undefined || codeUntil <= this.#clock.now()) throw noPortalSession();
    await this.#redis
      .multi()
      .hsetnx(sessionKey(id), 'key', digest(key))
      .pexpire(sessionKey(id), SESSION_MS)
      .exec();
    await this.#ofPage(id, key);
    const expiresAt = await this.#used(id, { followedAt: this.#clock.now() });
    return { id, expiresAt: new Date(expiresAt).toISOString() };
  }

  /** The app's: the token is gone afterwards, whichever app brought it. */
  async join(token: string, terminalId: string): Promise<JoinedPortalSession> {
    const id = await this.#redis.getdel(tokenKey(token));
    if (id === null) throw noPortalSession();
    const { entry, expiresAt } = await this.#load(id);
    if (entry === undefined) throw noPortalSession();
    await this.#redis.hset(sessionKey(id), { terminal: terminalId, metAt: this.#clock.now() });
    return { id, entry, expiresAt: new Date(expiresAt).toISOString() };
  }

  /** The page's: what the app shows, if that is newer than what the page has. */
  async follow(id: string, key: string, after: number | undefined): Promise<PortalState> {
    const session = await this.#ofPage(id, key);
    const expiresAt = await this.#used(id, { followedAt: this.#clock.now() });
    const { revision, view, metAt } = session;
    return {
      state: stateOf(session),
      revision,
      view: view === undefined || revision === after ? null : portalView.parse(JSON.parse(view)),
      away: stateOf(session) === 'open' && this.#clock.now() - metAt >= AWAY_MS,
      expiresAt: new Date(expiresAt).toISOString(),
    };
  }

  /** The page's: what the household chose, for what it saw. */
  async command(id: string, key: string, request: { for: number; command: PortalCommand }): Promise<void> {
    const session = await this.#ofPage(id, key);
    if (session.entry === undefined && request.command.type !== 'choose-amount') throw notByPhone();
    if (stateOf(session) !== 'open' || session.revision !== request.for) return;
    const no = await this.#redis.hincrby(sessionKey(id), 'commands', 1);
    await this.#redis
      .multi()
      .rpush(commandsKey(id), JSON.stringify({ no, ...request }))
      .ltrim(commandsKey(id), -MAX_COMMANDS, -1)
      .pexpire(commandsKey(id), SESSION_MS)
      .exec();
  }

  /** The app's: shows, and takes what was commanded for what it shows. May be repeated. */
  async sync(id: string, terminalId: string, request: SyncPortalSession): Promise<SyncedPortalSession> {
    const session = await this.#load(id);
    if (session.terminal !== terminalId || session.ended !== undefined) throw noPortalSession();
    const view = request.view === undefined ? undefined : JSON.stringify(request.view);
    if (view !== undefined && Buffer.byteLength(view) > MAX_VIEW) throw portalViewTooLarge();
    const isNew = view !== undefined && view !== session.view;
    const revision = isNew ? session.revision + 1 : session.revision;
    await this.#used(id, {
      metAt: this.#clock.now(),
      ...(isNew ? { view, revision } : {}),
      ...(request.end === true ? { ended: '1' } : {}),
    });
    const waiting = await this.#redis.lrange(commandsKey(id), 0, -1);
    const commands = waiting
      .map((text) => queued.parse(JSON.parse(text)))
      .filter((each) => each.no > request.taken && each.for === revision)
      .map(({ no, command }) => ({ no, command }));
    return { commands, followed: this.#clock.now() - session.followedAt < FOLLOWED_MS };
  }

  async #ofPage(id: string, key: string): Promise<StoredVisit> {
    const session = await this.#load(id);
    if (session.key === undefined) throw noPortalSession();
    const [given, kept] = [Buffer.from(digest(key)), Buffer.from(session.key)];
    if (!timingSafeEqual(given, kept)) throw noPortalSession();
    return session;
  }

  async #load(id: string): Promise<StoredVisit> {
    const parsed = storedVisit.safeParse(await this.#redis.hgetall(sessionKey(id)));
    if (!parsed.success || parsed.data.expiresAt <= this.#clock.now()) throw noPortalSession();
    return parsed.data;
  }

  /** Lives on from now; gives until when, epoch ms. */
  async #used(id: string, fields: Readonly<Record<string, string | number>>): Promise<number> {
    const expiresAt = this.#clock.now() + SESSION_MS;
    await this.#redis
      .multi()
      .hset(sessionKey(id), { ...fields, expiresAt })
      .pexpire(sessionKey(id), SESSION_MS)
      .exec();
    return expiresAt;
  }
}
