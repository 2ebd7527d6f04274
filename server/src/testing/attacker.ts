import { TOTP } from 'otpauth';
import { callWeb } from './web-call.ts';
import { ADMIN_PASSWORD } from './web.ts';

export interface AttackAnswer {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: Record<string, unknown>;
  /** Each `name=value` that the answer set. */
  readonly cookies: readonly string[];
  readonly retryAfterS: number;
}

/** Who calls a web process that believes one proxy: from any address, as a browser or a program. */
export class Attacker {
  readonly #url: string;
  readonly #ip: string;
  /** As a browser keeps them. */
  cookies = new Map<string, string>();
  csrf = '';

  constructor(url: string, ip: string) {
    this.#url = url;
    this.#ip = ip;
  }

  async call(method: string, path: string, body?: unknown): Promise<AttackAnswer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        'x-forwarded-for': this.#ip,
        ...(cookie === '' ? {} : { cookie, 'x-csrf-token': this.csrf }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    const cookies = response.headers.getSetCookie().map((each) => each.split(';')[0] ?? '');
    for (const each of cookies) {
      const at = each.indexOf('=');
      this.cookies.set(each.slice(0, at), each.slice(at + 1));
    }
    const code = parsed['code'];
    return {
      ...{ status: response.status, body: parsed, cookies },
      code: typeof code === 'string' ? code : undefined,
      retryAfterS: Number(response.headers.get('retry-after') ?? 0),
    };
  }

  /** A browser's login; what it is still to do is in the answer's `next`. */
  async login(password = ADMIN_PASSWORD, name = 'admin'): Promise<AttackAnswer> {
    const answer = await this.call('POST', '/v1/admin/login', { name, password, session: 'cookie' });
    if (answer.status === 200) this.csrf = String(answer.body['csrf']);
    return answer;
  }

  confirm(proof: object): Promise<AttackAnswer> {
    return this.call('POST', '/v1/admin/me/confirm', proof);
  }

  /** A second factor for the login that there is; gives what its codes are made of. */
  async turnTotpOn(now: () => number): Promise<TOTP> {
    const proposed = await this.call('POST', '/v1/admin/me/totp');
    const factor = new TOTP({ secret: String(proposed.body['secret']) });
    await this.call('POST', '/v1/admin/me/totp/confirm', { code: factor.generate({ timestamp: now() }) });
    return factor;
  }
}

/** A program's login from an address: `in`, or the code of what stands in its way. */
export async function loginFrom(url: string, ip: string, password: string, name = 'admin'): Promise<string> {
  const { status, body } = await callWeb(url, 'POST', '/v1/admin/login', {
    body: { name, password },
    headers: { 'x-forwarded-for': ip },
  });
  return status === 200 ? 'in' : String((body as { code?: string }).code);
}
