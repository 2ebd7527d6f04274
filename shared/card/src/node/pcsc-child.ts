import { connect as connectSocket } from 'node:net';
import { fromHex, toHex } from '../bytes/hex.ts';
import { MAX_ANSWER } from './pcsc-messages.ts';
import type { PcscFailure, PcscMessage, PcscRequest } from './pcsc-messages.ts';

/**
 * The program that holds the PC/SC library, in a process of its own. The library (@pokusew/pcsclite 0.6) waits for an
 * absent service in a busy loop inside its constructor, and blocks its event loop while a command is under way and a
 * card comes or goes; neither may happen to a kiosk. It ends with the process that started it.
 */

/** SCARD_STATE_PRESENT; the constants of PC/SC part 5 are the same everywhere. */
const STATE_PRESENT = 0x20;
const SHARE_EXCLUSIVE = 1;
const UNPOWER_CARD = 2;
/** Either protocol; the service chooses by the answer to reset. */
const T0_OR_T1 = 3;
const T1 = 2;
/** pcsc-lite's own default; the variable is its client library's. */
const SOCKET = process.env['PCSCLITE_CSOCK_NAME'] ?? '/run/pcscd/pcscd.comm';

/** Return values of PC/SC part 5 that say something about card or reader; anything else is `pcsc.io`. */
const FAILURES: Readonly<Record<string, PcscFailure>> = {
  '80100009': 'pcsc.gone', // unknown reader
  '8010000b': 'pcsc.busy', // sharing violation
  '8010000c': 'pcsc.no-card',
  '80100017': 'pcsc.gone', // reader unavailable
  '8010001d': 'pcsc.no-service',
  '8010001e': 'pcsc.no-service', // stopped
  '8010002e': 'pcsc.gone', // no readers available
  '80100066': 'pcsc.mute', // unresponsive
  '80100067': 'pcsc.mute', // unpowered
  '80100068': 'pcsc.removed', // reset: it was taken out and put back
  '80100069': 'pcsc.removed',
};

/** The part of the library's reader that is used. Its `get_status` must not be called: it would end the monitor. */
interface LibraryReader {
  readonly name: string;
  connected: boolean;
  on(event: 'status', listener: (status: { state: number; atr?: Uint8Array }) => void): void;
  on(event: 'end' | 'error', listener: () => void): void;
  connect(
    options: { share_mode: number; protocol: number },
    done: (error: unknown, protocol: number) => void,
  ): void;
  disconnect(disposition: number, done: (error: unknown) => void): void;
  transmit(
    data: Buffer,
    maxAnswer: number,
    protocol: number,
    done: (error: unknown, answer: Uint8Array) => void,
  ): void;
}

const readers = new Map<string, LibraryReader>();
const protocols = new Map<string, number>();

function say(message: PcscMessage): void {
  process.send?.(message);
}

/** Ends at once, without the library's own clean-up, which joins threads that may be waiting for a card. */
function end(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
}

/** The service's socket answers; elsewhere than on Linux the parent process waits for `ready` with a time-out. */
function serviceIsThere(): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = connectSocket(SOCKET);
    const answer = (there: boolean) => () => {
      socket.destroy();
      resolve(there);
    };
    socket.once('connect', answer(true)).once('error', answer(false));
  });
}

function follow(reader: LibraryReader): void {
  readers.set(reader.name, reader);
  reader.on('status', ({ state, atr }) => {
    const present = (state & STATE_PRESENT) !== 0;
    say({ type: 'reader', reader: reader.name, ...(present ? { atr: toHex(atr ?? new Uint8Array()) } : {}) });
  });
  reader.on('end', () => {
    readers.delete(reader.name);
    say({ type: 'reader-gone', reader: reader.name });
  });
  // The library stops watching this reader and cannot be made to start again: the parent starts another child.
  reader.on('error', end);
}

async function carryOut(request: PcscRequest): Promise<Omit<Extract<PcscMessage, { type: 'done' }>, 'type'>> {
  const { id } = request;
  const reader = readers.get(request.reader);
  if (reader === undefined) throw new Error('no such reader (0x80100009)');
  switch (request.op) {
    case 'connect': {
      await leave(reader);
      const protocol = await callback<number>((done) => {
        reader.connect({ share_mode: SHARE_EXCLUSIVE, protocol: T0_OR_T1 }, done);
      });
      protocols.set(reader.name, protocol);
      return { id, protocol: protocol === T1 ? 1 : 0 };
    }
    case 'transmit': {
      const data = Buffer.from(fromHex(request.data));
      const protocol = protocols.get(reader.name) ?? 1;
      const answer = await callback<Uint8Array>((done) => {
        reader.transmit(data, MAX_ANSWER, protocol, done);
      });
      return { id, data: toHex(answer) };
    }
    case 'disconnect':
      await leave(reader);
      return { id };
  }
}

async function leave(reader: LibraryReader): Promise<void> {
  if (!reader.connected) return;
  await callback<undefined>((done) => {
    reader.disconnect(UNPOWER_CARD, (error) => {
      done(error, undefined);
    });
  }).catch(() => undefined);
  // The library keeps the flag when the card was gone, and would then take the next connect for done.
  reader.connected = false;
}

function callback<T>(start: (done: (error: unknown, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error instanceof Error) reject(error);
      else resolve(value);
    });
  });
}

/** The library puts the number into its text. */
function failureOf(error: unknown): { code: PcscFailure; status?: string } {
  const status = /\(0x([0-9a-f]{8})\)/i.exec(String(error))?.[1]?.toLowerCase();
  return status === undefined ? { code: 'pcsc.io' } : { code: FAILURES[status] ?? 'pcsc.io', status };
}

/** The life of that program. */
export async function runPcscChild(): Promise<void> {
  await live().catch(end);
}

async function live(): Promise<void> {
  process.on('disconnect', end);
  if (!(await serviceIsThere())) end();
  const { default: pcsclite } = await import('@pokusew/pcsclite');
  const service = pcsclite();
  service.on('error', end);
  service.on('reader', (reader) => {
    follow(reader);
  });
  process.on('message', (message) => {
    const request = message as PcscRequest;
    carryOut(request).then(
      (done) => {
        say({ type: 'done', ...done });
      },
      (error: unknown) => {
        say({ type: 'failed', id: request.id, ...failureOf(error) });
      },
    );
  });
  say({ type: 'ready' });
}
