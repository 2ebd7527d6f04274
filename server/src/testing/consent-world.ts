import { randomUUID } from 'node:crypto';
import type { OrderStore } from '../orders/store/orders.ts';
import { terminalCashRoutes } from '../money/float/cash-routes.ts';
import { terminalRemoteRoutes } from '../orders/desk/terminal-remote-routes.ts';
import { adminConsentRoutes } from '../people/consents/admin-routes.ts';
import { adminOrderSearchRoutes } from '../people/staff/order-search-routes.ts';
import { terminalConsentRoutes } from '../people/consents/terminal-routes.ts';
import { createConsents, type ConsentServices } from '../wiring/consents.ts';
import { serveAdmin, type AdminCalls } from './admin-calls.ts';
import { testConfig } from './config.ts';
import type { TestContext } from './context.ts';
import { COMMUNITY, CounterWorld, PATH } from './counter-world.ts';
import { crashing } from './crashing-store.ts';
import type { FakeCard } from './fake-card.ts';
import { keptLog, type LogLine } from './log-lines.ts';
import { MemoryOrderStore } from './memory-orders.ts';
import type { FakeTerminal } from './order-world.ts';

type Answer = ReturnType<AdminCalls['call']>;

/**
 * A community's counter with two kiosks, and households that cannot come; `dies` says when a write of an order kills the process.
 */
export class ConsentWorld {
  dies: () => 'no' | 'before' | 'after' = () => 'no';
  readonly c: CounterWorld;
  readonly consents: ConsentServices;
  readonly #kept = keptLog();
  readonly #calls = new Map<FakeTerminal, AdminCalls>();
  readonly #tickets = new Map<FakeTerminal, string>();

  private constructor(c: CounterWorld, consents: ConsentServices) {
    this.c = c;
    this.consents = consents;
  }

  /** Empties the database and the cache first; a clerk is in a shift at both kiosks. */
  static async open(t: TestContext): Promise<ConsentWorld> {
    const life: { world?: ConsentWorld } = {};
    const store: OrderStore = crashing(new MemoryOrderStore(), () => life.world?.dies() ?? 'no');
    const c = await CounterWorld.open(t, store);
    await c.opened([c.kiosk, c.neighbour]);
    const names = { 'zh-CN': '天山一社区', en: 'Tianshan 1' };
    await c.access.stores.orgs.insert({
      ...{ _id: COMMUNITY, kind: 'community', names, parent: '650100', path: PATH, version: 1 },
    });
    const { audit, stores } = c.access;
    const consents = await createConsents(
      { db: t.db, clock: c.world.clock, config: testConfig(), grid: c.world.grid },
      {
        access: { audit, userStore: stores.users, orgs: stores.orgs },
        services: c.world.services,
        sessions: c.counter().sessions,
      },
    );
    const world = new ConsentWorld(c, consents);
    life.world = world;
    return world;
  }

  /** What the server's log was told of these calls. */
  get lines(): readonly LogLine[] {
    return this.#kept.lines;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#calls.values()].map((calls) => calls.close()));
    await this.c.close();
  }

  /** As this terminal, or as staff at the console, calls. */
  async at(terminal: FakeTerminal): Promise<AdminCalls> {
    const there = this.#calls.get(terminal);
    if (there !== undefined) return there;
    const { services } = this.c.world;
    const routes = [
      ...terminalConsentRoutes(this.consents),
      ...terminalRemoteRoutes({ ...services, byConsent: this.consents.sales }),
      ...terminalCashRoutes({ ...services, cash: this.c.floats.cash }),
      ...adminConsentRoutes(this.consents.office),
      ...adminOrderSearchRoutes({
        ...{ orders: services.store, receipts: services.receipts },
        ...{ users: this.c.access.stores.users, diagnoses: this.c.diagnoses() },
      }),
    ];
    const calls = await serveAdmin(routes, { log: this.#kept.log }, terminal);
    this.#calls.set(terminal, calls);
    return calls;
  }

  async post(path: string, body: object, terminal = this.c.kiosk): Answer {
    return (await this.at(terminal)).call('post', `/v1/terminal/${path}`, { body });
  }

  /** Of a clerk in a shift at this terminal. */
  async ticket(terminal = this.c.kiosk): Promise<string> {
    const there = this.#tickets.get(terminal);
    if (there !== undefined) return there;
    const calls = await this.c.at(terminal);
    const { body } = await this.c.begin('zhang', calls);
    await calls.close();
    const ticket = String(body['ticket']);
    this.#tickets.set(terminal, ticket);
    return ticket;
  }

  newTicket(): Promise<string> {
    this.#tickets.clear();
    return this.ticket();
  }

  /** Time passes; the clerk signs in anew. */
  later(ms: number): void {
    this.c.world.clock.jump(ms);
    this.#tickets.clear();
  }

  /** What of a card staff send to record a consent. */
  async asked(card: FakeCard, over: object = {}, terminal = this.c.kiosk): Promise<Record<string, unknown>> {
    const { cardSession } = await this.c.world.identify(terminal, card);
    return {
      ...{ ticket: await this.ticket(terminal), cardSession, form: 'TS-0001' },
      ...{ perPurchaseFen: 10_000, perMonthFen: 20_000, endsOn: '2026-12-31' },
      ...over,
    };
  }

  async record(card: FakeCard, over: object = {}, terminal = this.c.kiosk): Answer {
    return this.post('staff/consents', await this.asked(card, over, terminal), terminal);
  }

  /** A recorded one's id. */
  async recorded(card: FakeCard, over: object = {}): Promise<string> {
    const { status, body } = await this.record(card, over);
    if (status !== 201) throw new Error(`Not recorded: ${JSON.stringify(body)}`);
    return String(body['id']);
  }

  async wanted(
    consent: string,
    over: object = {},
    terminal = this.c.kiosk,
  ): Promise<Record<string, unknown>> {
    const ticket = await this.ticket(terminal);
    return { idempotencyKey: randomUUID(), ticket, consent, faceFen: 5_000, entry: 'kiosk', ...over };
  }

  async buy(consent: string, over: object = {}, terminal = this.c.kiosk): Answer {
    return this.post('remote/orders', await this.wanted(consent, over, terminal), terminal);
  }

  async describe(consent: string, terminal = this.c.kiosk): Answer {
    return this.post('remote/describe', { ticket: await this.ticket(terminal), consent }, terminal);
  }

  async list(over: object = {}, terminal = this.c.kiosk): Promise<Record<string, unknown>[]> {
    const answer = await this.post(
      'staff/consents/search',
      { ticket: await this.ticket(terminal), ...over },
      terminal,
    );
    return answer.body['consents'] as Record<string, unknown>[];
  }

  async usedFen(): Promise<unknown> {
    return (await this.list())[0]?.['usedFen'];
  }

  async revoke(consent: string, terminal = this.c.kiosk): Answer {
    return this.post('staff/consents/revoke', { ticket: await this.ticket(terminal), consent }, terminal);
  }

  /** A household with an account: several orders for it may be under way at a time. */
  account(): FakeCard {
    const card = this.c.world.household();
    this.c.world.grid.convert(card.meterNo);
    return card;
  }

  async trail(action: string) {
    const found = await this.c.access.stores.audit.find({ limit: 200 });
    return found.filter((entry) => entry.action === `resident.consent-${action}`);
  }
}
