import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { z } from 'zod';
import type { AlertTarget } from '@bianmin/purchase/api/alert-destinations';

const TOKEN = 'a-token-of-the-tests';
const SECRET = 'SEC-of-the-tests';
/** What the real ones say to a signature that does not fit. */
const NOT_SIGNED = { dingtalk: 310_000, wecom: 93_000, feishu: 19_021 } as const;

const robotText = z.strictObject({
  msgtype: z.literal('text'),
  text: z.strictObject({ content: z.string() }),
});
const feishuText = z.strictObject({
  ...{ timestamp: z.string(), sign: z.string(), msg_type: z.literal('text') },
  content: z.strictObject({ text: z.string() }),
});

/**
 * The three makers' robots on the loopback, as their pages describe them: each checks path, key, signature and time, and says
 * 200 whatever happens, with a number of its own where it takes nothing.
 */
export class AlertRobots {
  /** What groups have read, oldest first. */
  readonly heard: string[] = [];
  /** Answers nothing but this status, where set. */
  broken: number | undefined;
  readonly #url: string;
  readonly close: () => Promise<void>;

  private constructor(url: string, close: () => Promise<void>) {
    this.#url = url;
    this.close = close;
  }

  /** `now`: what the robots' clocks show. */
  static async open(now: () => number): Promise<AlertRobots> {
    const server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        response.setHeader('content-type', 'application/json');
        if (robots.broken !== undefined) response.statusCode = robots.broken;
        response.end(JSON.stringify(robots.#answer(request, body, now())));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const robots: AlertRobots = new AlertRobots(url, () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    });
    return robots;
  }

  target(kind: 'dingtalk' | 'wecom' | 'feishu', secret = SECRET): AlertTarget {
    switch (kind) {
      case 'dingtalk':
        return { kind, url: `${this.#url}/robot/send?access_token=${TOKEN}`, secret };
      case 'wecom':
        return { kind, url: `${this.#url}/cgi-bin/webhook/send?key=${TOKEN}` };
      case 'feishu':
        return { kind, url: `${this.#url}/open-apis/bot/v2/hook/${TOKEN}`, secret };
    }
  }

  /** What was heard since the last time. */
  take(): string[] {
    return this.heard.splice(0);
  }

  #answer(request: IncomingMessage, body: string, nowMs: number): object {
    const url = new URL(request.url ?? '/', this.#url);
    const message: unknown = JSON.parse(body);
    if (this.broken !== undefined) return {};
    switch (url.pathname) {
      case '/robot/send': {
        const { text } = robotText.parse(message);
        const timestamp = url.searchParams.get('timestamp') ?? '';
        const sign = createHmac('sha256', SECRET).update(`${timestamp}\n${SECRET}`).digest('base64');
        const fits = url.searchParams.get('sign') === sign && url.searchParams.get('access_token') === TOKEN;
        return this.#said('dingtalk', fits && Math.abs(nowMs - Number(timestamp)) < 3_600_000, text.content);
      }
      case '/cgi-bin/webhook/send': {
        const { text } = robotText.parse(message);
        return this.#said('wecom', url.searchParams.get('key') === TOKEN, text.content);
      }
      case `/open-apis/bot/v2/hook/${TOKEN}`: {
        const { timestamp, sign, content } = feishuText.parse(message);
        const fits = sign === createHmac('sha256', `${timestamp}\n${SECRET}`).digest('base64');
        return this.#said('feishu', fits && Math.abs(nowMs / 1000 - Number(timestamp)) < 3_600, content.text);
      }
      default:
        return { errcode: 404 };
    }
  }

  #said(kind: keyof typeof NOT_SIGNED, fits: boolean, text: string): object {
    if (fits) this.heard.push(text);
    const code = fits ? 0 : NOT_SIGNED[kind];
    return kind === 'feishu' ? { code, msg: '' } : { errcode: code, errmsg: '' };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** A mail server on the loopback that wants a login and keeps what it gets. */
export async function openMailServer(): Promise<{
  port: number;
  user: string;
  password: string;
  mails: { from: string; to: string[]; content: string }[];
  close: () => Promise<void>;
}> {
  const [user, password] = ['alerts', 'a password of the tests'];
  const mails: { from: string; to: string[]; content: string }[] = [];
  const server = new SMTPServer({
    ...{ authMethods: ['PLAIN', 'LOGIN'], hideSTARTTLS: true, allowInsecureAuth: true, logger: false },
    onAuth(auth, _session, done) {
      if (auth.username === user && auth.password === password) done(null, { user });
      else done(new Error('Who is this?'));
    },
    onData(stream, { envelope }, done) {
      let content = '';
      stream.on('data', (chunk) => (content += String(chunk)));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), content });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    ...{ user, password, mails },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
