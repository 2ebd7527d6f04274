import { PROVINCE_PATH } from '../kernel/org-path.ts';
import { createApp } from '../web/app.ts';
import { payerBindingRoutes } from '../people/residents/binding-routes.ts';
import { payerOrderRoutes } from '../people/residents/order-routes.ts';
import { terminalHomeRoutes } from '../people/residents/home-routes.ts';
import { OrderStreams } from '../orders/desk/order-streams.ts';
import { createMetrics } from '../adapters/metrics/metrics.ts';
import { createResidentCodes, createResidents } from '../wiring/residents.ts';
import { openAccess } from './access.ts';
import { serve } from './app.ts';
import { testConfig } from './config.ts';
import { openTestContext } from './context.ts';
import { memoryLimiter } from './memory-limiter.ts';
import { fakeTerminal, OrderWorld } from './order-world.ts';

/** What the grid was asked to text. */
interface SentCode {
  readonly requestNo: string;
  readonly customerNo: string;
  readonly code: string;
}

const DECADES_MS = 40 * 365 * 86_400_000;

/** A grid that texts codes, unless it `fails`. */
function textedCodes() {
  const sent: SentCode[] = [];
  const grid = { fails: false };
  return {
    sent,
    grid,
    async sendCode(request: SentCode): Promise<void> {
      if (grid.fails) throw new Error('The grid is away.');
      sent.push(request);
    },
  };
}

/**
 * Residents' services and their API over the fake grid, on a database of their own and a clock that stands still.
 * `grid.fails`: it texts nothing.
 */
export async function openResidentWorld() {
  const t = await openTestContext();
  const orders = await OrderWorld.open();
  const { clock, log } = orders;
  // The database drops sessions and codes by its own clock, each minute: theirs must not have expired by that one.
  clock.jump(DECADES_MS);
  const access = await openAccess(t, clock);
  const limiter = memoryLimiter(clock);
  const config = testConfig();
  const texts = textedCodes();
  const codes = await createResidentCodes({ db: t.db, clock, config }, access);
  const residents = await createResidents({ db: t.db, clock, config, log, bindingCodes: texts }, codes, {
    access: { audit: access.audit, guesses: access.guesses, limiter },
    services: orders.services,
  });
  const streams = new OrderStreams({ feed: orders.services.feed, clock });
  const { sealKey } = await fakeTerminal('any');
  /** Which terminal calls. */
  const caller = { terminalId: 'box-a', device: 'box' as 'kiosk' | 'box' };
  const nobody = () => Promise.reject(new Error('Nobody is.'));
  const app = await serve(
    createApp({
      deps: { log, config },
      routes: [
        ...payerBindingRoutes(residents),
        ...payerOrderRoutes({ orders: residents.orders, streams }),
        ...terminalHomeRoutes({ ...orders.services, boxes: residents.boxes }),
      ],
      authenticators: {
        terminal: () => Promise.resolve({ kind: 'terminal', sealKey, orgPath: PROVINCE_PATH, ...caller }),
        admin: nobody,
        payer: residents.sessions.authenticate,
      },
      limiter,
      metrics: createMetrics({ defaults: false }),
    }),
  );
  return {
    t,
    orders,
    clock,
    access,
    residents,
    policy: codes.policy,
    sent: texts.sent,
    grid: texts.grid,
    caller,
    url: app.url,
    async close() {
      await app.close();
      await t.close();
    },
  };
}
export type ResidentWorld = Awaited<ReturnType<typeof openResidentWorld>>;

/** A resident's phone: keeps its cookie as a browser does and speaks JSON. */
export class FakePhone {
  readonly #url: string;
  cookie: string | undefined;
  /** What a browser of today says about where the request comes from; another site's page says `cross-site`. */
  site = 'same-origin';
  header: string | undefined = '1';

  constructor(url: string) {
    this.#url = url;
  }

  static async begin(url: string): Promise<FakePhone> {
    const phone = new FakePhone(url);
    await phone.call('POST', 'session');
    return phone;
  }

  async call(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.#url}/v1/payer/${path}`, {
      method,
      headers: {
        'sec-fetch-site': this.site,
        ...(this.header === undefined ? {} : { 'x-bianmin-payer': this.header }),
        ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const set = response.headers.get('set-cookie');
    if (set !== null) this.cookie = /^[^;]*/u.exec(set)?.[0];
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }
}
