import { randomInt, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { z } from 'zod';
import { freePort } from '@bianmin/card/node/free-port';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { WalletKeys } from '../../../server/sandbox/wallet/wallets.ts';
import { hashPassword } from '../../../server/src/access/password.ts';
import { connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import type { Permission } from '../../../server/src/kernel/permissions.ts';
import { SandboxClient } from '../../kit/sandbox-client.ts';
import { untilLetThrough } from '../../run/dev/edge.ts';
import { Operator } from '../../run/dev/operator.ts';
import { address, loadOrCreateKeys, type Keys } from '../../run/dev/parts.ts';
import { startStack } from '../../run/dev/stack.ts';
import type { Stack } from '../../run/dev/stack-contract.ts';
import { enrolTerminal, type Enrolled } from '../bench/enrolled.ts';
import { Phone } from '../journey/phone.ts';
import { openLines, type Lines } from './lines/lines.ts';
import type { Patch } from './patch.ts';
import { openProxy, type RunningProxy } from './proxy.ts';
import { anyAddress, send, type SiteAnswer, type SiteRequest } from './site.ts';

/** An order that waits to be paid, and what a notification of it must say. */
export interface Paying {
  readonly orderNo: string;
  readonly paymentNo: string;
  readonly amountFen: number;
  readonly meterNo: string;
  readonly customerNo: string;
  readonly codeUrl: string;
  /** The page that lets anybody pay it. */
  readonly page: string;
  readonly phone: Phone;
}

/** One of the staff who may do these things and no others, logged in. */
export interface Member {
  readonly name: string;
  readonly id: string;
  readonly password: string;
  readonly token: string;
}

const AMOUNT_FEN = 5000;
/** Long enough for a payment to reach a meter on a busy machine. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 50;

/** A whole running stack behind the real nginx, and the hands of everybody who uses it. */
export class World {
  readonly stack: Stack;
  readonly sandbox: SandboxClient;
  readonly admin: Operator;
  readonly wallets: WalletKeys;
  readonly db: Connection;
  /** Files of the attackers, gone with the stack. */
  readonly dir: string;
  readonly #proxy: RunningProxy;
  readonly #keys: Keys;
  #lines: Promise<Lines> | undefined;
  /** nginx without a defence, while an attack on it is tried so. */
  #opened: RunningProxy | undefined;
  #terminals = 0;

  private constructor(init: {
    stack: Stack;
    admin: Operator;
    keys: Keys;
    db: Connection;
    dir: string;
    proxy: RunningProxy;
  }) {
    this.stack = init.stack;
    this.sandbox = new SandboxClient(init.stack.urls);
    this.admin = init.admin;
    this.wallets = init.keys.wallet;
    this.#keys = init.keys;
    this.db = init.db;
    this.dir = init.dir;
    this.#proxy = init.proxy;
  }

  /** With the programs that `buildPrograms` made last. */
  static async begin(report: (line: string) => void): Promise<World> {
    const dir = await mkdtemp(join(tmpdir(), 'bianmin-attack-'));
    const port = await freePort();
    // The stack's own calls go past nginx and say an address; nobody else can.
    const env = { TRUSTED_PROXIES: '1', PUBLIC_URL: address(port), LOG_LEVEL: 'debug' };
    const stack = await startStack({
      dir: join(dir, 'stack'),
      pages: 'elsewhere',
      env: { server: env },
      report,
    });
    try {
      const web = Number(new URL(stack.urls.webUrl).port);
      const [proxy, db, keys, admin] = await Promise.all([
        openProxy({ dir: join(dir, 'proxy'), port, webs: [web] }),
        connectDatabase(stack.urls.mongodbUri),
        loadOrCreateKeys(stack.dir),
        Operator.login(stack),
      ]);
      // While there never was a second person, the first makes one alone.
      const second = { name: 'second', password: randomUUID(), roles: ['administrator'] };
      await admin.call({ path: '/v1/admin/users', method: 'POST', body: second }, z.unknown());
      return new World({ stack, admin, keys, db, dir, proxy });
    } catch (error) {
      await stack.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.db.close();
    await (await this.#lines)?.close();
    await this.#opened?.close();
    await this.#proxy.close();
    await this.stack.close();
    await rm(this.dir, { recursive: true, force: true });
  }

  /** From now on the server reaches grid and wallets by lines with somebody on them. */
  async lines(): Promise<Lines> {
    const lines = await (this.#lines ??= openLines(this.stack, this.#keys));
    await untilLetThrough(this.siteUrl);
    return lines;
  }

  /** nginx as it is without some of its lines, until the work is done. */
  async behind<T>(patches: readonly Patch[], work: () => Promise<T>): Promise<T> {
    const dir = join(this.dir, `proxy-${randomUUID()}`);
    const webs = [Number(new URL(this.stack.urls.webUrl).port)];
    const opened = await openProxy({ dir, webs, patches });
    this.#opened = opened;
    try {
      return await work();
    } finally {
      this.#opened = undefined;
      await opened.close();
    }
  }

  /** Web anew, once HAProxy lets requests through to it again. */
  async restartWeb(): Promise<void> {
    await this.stack.restart('web');
    await untilLetThrough(this.siteUrl);
  }

  /** The site as everybody reaches it. */
  get siteUrl(): string {
    return (this.#opened ?? this.#proxy).url;
  }

  get proxyLog(): Promise<string> {
    return (this.#opened ?? this.#proxy).accessLog();
  }

  /** One request through nginx, from an address of its own. */
  send(path: string, init: SiteRequest = {}): Promise<SiteAnswer> {
    return send(this.siteUrl, path, init);
  }

  /** One request straight to web, which is told where it comes from: for what nginx would not let by. */
  past(from: string, path: string, init: SiteRequest): Promise<SiteAnswer> {
    const headers = { ...init.headers, 'x-forwarded-for': from };
    return send(this.stack.urls.webUrl, path, { ...init, headers });
  }

  /** A household without a card buys by phone: an order with a payment of this wallet, not paid yet. */
  async paying(channel: Channel = 'wechat'): Promise<Paying> {
    const household = await this.sandbox.household('SLE4442');
    const { customerNo, meterNo } = household;
    const phone = await Phone.begin({ webUrl: this.stack.urls.webUrl, address: anyAddress() });
    const binding = await phone.bind(customerNo, (number) => this.sandbox.textedCode(number));
    const { orderNo, pay } = await phone.order(binding, AMOUNT_FEN);
    const codeUrl = await phone.code(orderNo, channel);
    if (codeUrl === null || pay === null) throw new Error(`Order ${orderNo} cannot be paid.`);
    const order = await this.orderIn(orderNo);
    const [payment] = order?.payments ?? [];
    if (payment === undefined) throw new Error(`Order ${orderNo} has no payment.`);
    return {
      ...{ orderNo, meterNo, customerNo, codeUrl, phone, page: pay.url },
      ...{ paymentNo: payment.no, amountFen: payment.amountFen },
    };
  }

  /** An order that was paid, and its meter credited; gives its number. */
  async paid(): Promise<string> {
    const { orderNo, codeUrl, meterNo } = await this.paying();
    const { balanceFen } = await this.sandbox.meter(meterNo);
    await this.sandbox.pay(codeUrl);
    if (!(await this.isCredited(meterNo, balanceFen))) throw new Error(`Order ${orderNo} was not credited.`);
    return orderNo;
  }

  /** The order as the database has it. */
  async orderIn(orderNo: string): Promise<StoredOrder | null> {
    return this.db.collection<StoredOrder>('orders').findOne({ _id: orderNo });
  }

  /** Whether the meter gets more than it had, soon. */
  async isCredited(meterNo: string, hadFen: number): Promise<boolean> {
    return this.comesTrue(async () => (await this.sandbox.meter(meterNo)).balanceFen > hadFen);
  }

  async comesTrue(test: () => Promise<boolean>, patienceMs = PATIENCE_MS): Promise<boolean> {
    const until = performance.now() + patienceMs;
    for (;;) {
      if (await test()) return true;
      if (performance.now() > until) return false;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** A kiosk with keys of its own, accepted; its calls go past nginx. */
  async terminal(): Promise<Enrolled & { readonly folder: string }> {
    this.#terminals += 1;
    const dir = join(this.dir, `terminal-${this.#terminals}`);
    await mkdir(dir, { recursive: true });
    const { webUrl } = this.stack.urls;
    const enrolled = await enrolTerminal({ index: this.#terminals, dir, webUrl, operator: this.admin });
    const [folder = ''] = await readdir(dir);
    return { ...enrolled, folder: join(dir, folder) };
  }

  /** Somebody of the staff with these permissions. `org`: whose data alone they see. */
  async member(permissions: readonly Permission[], org?: string): Promise<Member> {
    const name = `m${randomUUID().slice(0, 8)}`;
    const [id, password] = [randomUUID(), randomUUID()];
    await this.db
      .collection<{ _id: string }>('roles')
      .insertOne({ _id: name, permissions, version: 0 } as never);
    const place = org === undefined ? {} : { scope: org, orgPath: ['province', org] };
    await this.db.collection<{ _id: string }>('users').insertOne({
      ...{ _id: id, name, passwordHash: await hashPassword(password), roles: [name], status: 'active' },
      ...place,
      createdAt: new Date(),
    } as never);
    return { name, id, password, token: await this.login(name, password) };
  }

  async login(name: string, password: string): Promise<string> {
    const answer = await this.send('/v1/admin/login', { method: 'POST', body: { name, password } });
    const { token } = answer.json as { token?: string };
    if (token === undefined) throw new Error(`${name} cannot log in: ${answer.status} ${answer.text}`);
    return token;
  }

  /** A call of the staff's API through nginx. */
  staff(token: string, path: string, init: SiteRequest = {}): Promise<SiteAnswer> {
    const key = init.method === undefined ? {} : { 'idempotency-key': randomUUID() };
    return this.send(path, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...key, ...init.headers },
    });
  }

  /** What a part has logged. */
  log(part: 'web' | 'worker' | 'kiosk'): Promise<string> {
    return readFile(join(this.stack.dir, `${part}.log`), 'utf8');
  }

  count(collection: string, filter: Readonly<Record<string, unknown>> = {}): Promise<number> {
    return this.db.collection(collection).countDocuments(filter);
  }
}

/** What attacks look at of an order. */
export interface StoredOrder {
  readonly _id: string;
  readonly state: string;
  readonly payments: readonly {
    no: string;
    amountFen: number;
    status: string;
    channel: string;
    payer?: string;
  }[];
  readonly refunds: readonly { no: string; status: string; fen: number }[];
  readonly sale?: { readonly status: string };
  readonly write?: { readonly status: string };
}

/** Digits that nobody else has. */
export function anyDigits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}
