import { expect } from 'vitest';
import { z } from 'zod';
import { loginResponse } from '@bianmin/purchase/api/admin-login';
import { adminTerminal } from '@bianmin/purchase/api/admin-terminals';
import {
  adminCardSession,
  type AdminCardSession,
  type AskedCommand,
} from '@bianmin/purchase/api/card-session';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import { SOON } from './patience.ts';

const terminalList = z.object({ terminals: z.array(adminTerminal) });

/** Staff at another place, who drive a card in a kiosk's reader. */
export class CardDesk {
  readonly #webUrl: string;
  #token = '';

  constructor(stack: Pick<Stack, 'urls'>) {
    this.#webUrl = stack.urls.webUrl;
  }

  async login(password: string): Promise<void> {
    const answer = await this.#ask('POST', '/v1/admin/login', { name: 'admin', password });
    this.#token = loginResponse.parse(answer).token;
  }

  /** The stack's own kiosk; terminals that tests bring have names of their own. */
  async kioskId(): Promise<string> {
    const { terminals } = terminalList.parse(await this.#ask('GET', '/v1/admin/terminals'));
    const [own, another] = terminals.filter(({ name }) => name === 'kiosk');
    if (own === undefined || another !== undefined) throw new Error('The stack has one kiosk of its own.');
    return own.id;
  }

  open(body: {
    terminalId: string;
    kind: 'inspect' | 'rewrite';
    orderNo?: string;
    reason: string;
  }): Promise<AdminCardSession> {
    return this.#session('POST', '', body);
  }

  /** Puts a step, and waits until the kiosk has answered it. */
  async step(id: string, n: number, command: AskedCommand): Promise<AdminCardSession> {
    await this.#session('POST', `/${id}/steps`, { n, command });
    let session = await this.#session('GET', `/${id}`);
    await expect
      .poll(async () => {
        session = await this.#session('GET', `/${id}`);
        return session.steps[n - 1]?.outcome ?? null;
      }, SOON)
      .not.toBeNull();
    return session;
  }

  finish(id: string): Promise<AdminCardSession> {
    return this.#session('POST', `/${id}/finish`);
  }

  async #session(method: 'GET' | 'POST', path: string, body?: object): Promise<AdminCardSession> {
    return adminCardSession.parse(await this.#ask(method, `/v1/admin/card-sessions${path}`, body));
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const response = await fetch(new URL(path, this.#webUrl), {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.#token === '' ? {} : { authorization: `Bearer ${this.#token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }
}
