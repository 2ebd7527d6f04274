import { lookup } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { SupportLine } from '../../api/support.ts';
import { withoutPath } from './without-path.ts';
import { systemCodeOf } from './system.ts';

/** Of each step. */
const STEP_MS = 5_000;
const TLS_SCHEMES: ReadonlySet<string> = new Set(['https:', 'tls:', 'wss:', 'rediss:']);
const PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

export interface LineInit {
  /** What is at the other end, for people. */
  readonly to: string;
  /** `https://…`, `http://…`, `tcp://host:port`, `tls://host:port`; no path is asked but `path`. */
  readonly url: string;
  /** Asked once it is connected, of http alone; absent: nothing is asked. */
  readonly path?: string;
  /** Client certificate and authority, as this program has them for that line. */
  readonly tls?: Pick<ConnectionOptions, 'ca' | 'cert' | 'key'>;
  readonly now: () => number;
  readonly monotonic: () => number;
}

type Step = SupportLine['steps'][number];

/** Goes the way to another program step by step, timed, until one fails. Never throws; sends nothing of ours but a GET. */
export async function lookAtLine(init: LineInit): Promise<SupportLine> {
  const { to, url } = init;
  const found: { steps: Step[]; certificate: SupportLine['certificate']; skewMs: number | null } = {
    ...{ steps: [], certificate: null, skewMs: null },
  };
  const timed = async <T>(step: Step['step'], work: () => Promise<T>): Promise<T> => {
    const began = init.monotonic();
    const ms = (): number => Math.max(0, Math.round(init.monotonic() - began));
    try {
      const done = await work();
      found.steps.push({ step, ms: ms(), fault: null });
      return done;
    } catch (error) {
      found.steps.push({ step, ms: ms(), fault: systemCodeOf(error) });
      throw error;
    }
  };
  try {
    await walk(init, timed, found);
  } catch {
    // The last step says which and why.
  }
  return { to, address: withoutPath(url).replace(/\/…$/u, ''), ...found };
}

async function walk(
  init: LineInit,
  timed: <T>(step: Step['step'], work: () => Promise<T>) => Promise<T>,
  found: { certificate: SupportLine['certificate']; skewMs: number | null },
): Promise<void> {
  const { protocol, hostname, port: named } = new URL(init.url);
  const host = hostname.replace(/^\[|\]$/gu, '');
  const port = named === '' ? (PORTS[protocol] ?? 0) : Number(named);
  if (isIP(host) === 0) await timed('name', () => lookup(host));
  const socket = await timed('connect', () => connected(() => connectTcp({ host, port }), 'connect'));
  socket.destroy();
  const asked =
    init.path !== undefined && /^https?:$/u.test(protocol) ? new URL(init.path, init.url) : undefined;
  const skew = (date: number | undefined): void => {
    if (date !== undefined) found.skewMs = Math.round((init.now() - date) / 1000) * 1000;
  };
  if (TLS_SCHEMES.has(protocol)) {
    const handshake = timed('tls', async () => {
      const options = { host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...init.tls };
      const tls = connectTls({ ...options, rejectUnauthorized: false });
      const ready = await connected(() => tls, 'secureConnect');
      found.certificate = validityOf(ready);
      const refused = tls.authorized ? undefined : tls.authorizationError;
      tls.destroy();
      // An error or its code, as the version of Node has it.
      if (refused !== undefined) throw refused instanceof Error ? refused : coded(String(refused));
    });
    await handshake.catch(async (error: unknown) => {
      // A clock that is wrong makes certificates look expired: what time it is there is asked all the same, and nothing else.
      if (asked !== undefined && found.certificate !== null) {
        skew(await askedFor(asked, { ...init.tls, rejectUnauthorized: false }).catch(() => undefined));
      }
      throw error;
    });
  }
  if (asked === undefined) return;
  await timed('answer', async () => {
    skew(await askedFor(asked, init.tls));
  });
}

function connected<T extends Socket>(open: () => T, event: 'connect' | 'secureConnect'): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = open();
    socket.setTimeout(STEP_MS, () => socket.destroy(coded('ETIMEDOUT')));
    socket.once('error', reject);
    socket.once(event, () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

function validityOf(socket: TLSSocket): SupportLine['certificate'] {
  const { valid_from: from, valid_to: until } = socket.getPeerCertificate();
  const [begins, ends] = [new Date(from), new Date(until)];
  if (Number.isNaN(begins.getTime()) || Number.isNaN(ends.getTime())) return null;
  return { from: begins.toISOString(), until: ends.toISOString() };
}

/** Its `Date`, ms; throws for no answer and for one of 5xx. */
function askedFor(url: URL, tls: ConnectionOptions | undefined): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const ask = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = ask(url, { method: 'GET', timeout: STEP_MS, ...tls }, (response) => {
      response.resume();
      response.once('end', () => {
        const status = response.statusCode ?? 0;
        if (status >= 500) reject(coded(`HTTP_${status}`));
        const date = Date.parse(response.headers.date ?? '');
        resolve(Number.isNaN(date) ? undefined : date);
      });
    });
    request.once('timeout', () => request.destroy(coded('ETIMEDOUT')));
    request.once('error', reject);
    request.end();
  });
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}
