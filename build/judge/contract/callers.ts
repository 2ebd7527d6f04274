import { join } from 'node:path';
import { z } from 'zod';
import { tokenResponse } from '@bianmin/purchase/api/terminal';
import { enrolTerminal, type Enrolled } from '../bench/enrolled.ts';
import type { Stack } from '../../run/dev/stack-contract.ts';
import { callOnce } from '../../run/dev/call.ts';
import { Operator } from '../../run/dev/operator.ts';
import { Phone } from '../journey/phone.ts';

/** A request as it will reach the server. */
export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
}

export type Credentials = Readonly<Record<string, string>>;

/** A password holds for five minutes, so that it is given again well before. */
const CONFIRM_EVERY_MS = 2 * 60_000;
/** A terminal's token lives for longer. */
const TOKEN_MS = 4 * 60_000;

/** A caller of each kind, and what each of their requests carries. */
export class Callers {
  readonly #webUrl: string;
  readonly #token: () => Promise<string>;
  readonly #confirmed: () => Promise<string>;
  readonly operator: Operator;
  readonly terminal: Enrolled;
  readonly phone: Phone;
  /** Ids of the account, its sessions and the terminal that the run itself lives by. */
  readonly own: readonly string[];

  private constructor(init: {
    webUrl: string;
    operator: Operator;
    terminal: Enrolled;
    phone: Phone;
    own: readonly string[];
  }) {
    this.#webUrl = init.webUrl;
    this.operator = init.operator;
    this.terminal = init.terminal;
    this.phone = init.phone;
    this.own = init.own;
    this.#token = kept(TOKEN_MS, () => tokenOf(init.webUrl, init.terminal));
    this.#confirmed = kept(CONFIRM_EVERY_MS, () => init.operator.confirmed());
  }

  static async of(stack: Pick<Stack, 'urls' | 'adminPassword' | 'dir'>): Promise<Callers> {
    const { webUrl } = stack.urls;
    const operator = await Operator.login(stack);
    const me = await operator.call({ path: '/v1/admin/me' }, account);
    const { sessions } = await operator.call({ path: '/v1/admin/me/sessions' }, sessionList);
    const dir = join(stack.dir, 'contract');
    const terminal = await enrolTerminal({ index: 0, dir, webUrl, operator });
    const phone = await Phone.begin({ webUrl });
    const own = [me.id, terminal.identity.terminalId, ...sessions.map(({ id }) => id)];
    return new Callers({ webUrl, operator, terminal, phone, own });
  }

  /** What the request carries, by whom its path is for; nothing for the rest, which is open. */
  async credentials({ method, path }: Asked): Promise<Credentials> {
    if (path.startsWith('/v1/admin/')) return { authorization: `Bearer ${await this.#confirmed()}` };
    if (path.startsWith('/v1/payer/')) return this.phone.credentials;
    if (!path.startsWith('/v1/terminal/')) return {};
    const accessToken = await this.#token();
    const url = `${this.#webUrl}${path}`;
    const proof = await this.terminal.identity.proof({ method, url, accessToken, at: seconds() });
    return { authorization: `DPoP ${accessToken}`, dpop: proof };
  }
}

const account = z.object({ id: z.string() });
const sessionList = z.object({ sessions: z.array(z.object({ id: z.string() })) });

async function tokenOf(webUrl: string, { identity }: Enrolled): Promise<string> {
  const body = { assertion: await identity.signAssertion(seconds()) };
  const { answer } = await callOnce(new URL('/v1/terminal/token', webUrl), { method: 'POST', body });
  return tokenResponse.parse(answer).accessToken;
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** Made when it is first wanted, and anew when it is older than that; once for all who ask meanwhile. */
function kept<T>(forMs: number, make: () => Promise<T>): () => Promise<T> {
  let held: { value: Promise<T>; until: number } | undefined;
  return () => {
    const now = performance.now();
    if (held === undefined || now >= held.until) held = { value: make(), until: now + forMs };
    return held.value;
  };
}
