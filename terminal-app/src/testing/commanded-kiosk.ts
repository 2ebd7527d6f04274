import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { codeOf } from '@bianmin/card/errors';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { ApiError } from '@bianmin/purchase/api/client-error';
import type { CommandResult } from '@bianmin/purchase/api/command';
import type { TerminalSupport } from '@bianmin/purchase/api/support';
import { ecPublicJwk, type EcPublicJwk } from '@bianmin/purchase/api/terminal';
import { hostCommands, type HostCommands, type HostCommandsInit } from '../host/commands/commands.ts';

/** The terminal that the commands are for. */
const HERE = `t${'1'.repeat(30)}`;

/** What little a kiosk may say of itself. */
const SUPPORT: TerminalSupport = {
  ...{ kind: 'kiosk', at: '2026-03-01T00:00:00.000Z', version: '1.0.0', machine: null, system: null },
  ...{ settings: [], readers: null, journal: null, lines: [], log: ['{"message":"host is up"}'] },
};

/** A key that signs commands, and what a terminal is told of it. */
export interface SigningKey {
  readonly sign: CryptoKey;
  readonly jwk: EcPublicJwk;
}

export async function signingKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return { sign: privateKey, jwk: ecPublicJwk.parse({ kty, crv, x, y }) };
}

/** A kiosk's side of commands: its server, shell, clock and disk are in a test's hands. */
export class CommandedKiosk {
  readonly folder: string;
  readonly clock = new ManualClock();
  /** What the server heard, and what of it was done, in their order. */
  readonly heard: [string, CommandResult][] = [];
  readonly done: string[] = [];
  readonly faults: string[] = [];
  moment = { busy: false, idleMs: 3_600_000 };
  shown = { screen: 'wait', staffIn: false, remote: false };
  /** The server does not answer. */
  away = false;
  picture = new Uint8Array([0xff, 0xd8]);
  readonly #key: SigningKey;
  #here: HostCommands;
  #commands = 0;

  private constructor(folder: string, key: SigningKey) {
    this.folder = folder;
    this.#key = key;
    this.#here = this.#begin();
  }

  /** One that has heard the key that its commands are signed with. */
  static async open(): Promise<CommandedKiosk> {
    const key = await signingKey();
    const kiosk = new CommandedKiosk(await mkdtemp(join(tmpdir(), 'bianmin-commands-')), key);
    kiosk.hearKey(key);
    return kiosk;
  }

  get blocked(): boolean {
    return this.#here.blocked;
  }

  hearKey({ jwk }: SigningKey = this.#key): void {
    this.#here.hearKey(jwk);
  }

  /** The program starts again; what the disk has is there. */
  async restarted(over: Partial<Pick<HostCommandsInit, 'shell' | 'dataDir'>> = {}): Promise<void> {
    await this.#here.desk.stop();
    this.#here = this.#begin(over);
  }

  /** One that the server has signed, good for ten minutes; `more` is what is otherwise. */
  async command(
    kind: string,
    more: { by?: CryptoKey; to?: string; ttlS?: number; typ?: string } = {},
  ): Promise<{ id: string; jws: string }> {
    const { by = this.#key.sign, to = HERE, ttlS = 600, typ = 'command+jws' } = more;
    const nowS = Math.floor(this.clock.now() / 1000);
    const id = `command-${(this.#commands += 1)}`;
    const jws = await new SignJWT({ iss: 'bianmin', sub: to, jti: id, kind, iat: nowS, exp: nowS + ttlS })
      .setProtectedHeader({ alg: 'ES256', typ })
      .sign(by);
    return { id, jws };
  }

  /** As with a beat, and the moment after it. */
  async beat(...given: { jws: string }[]): Promise<void> {
    await this.take(...given);
    await this.clock.advance(1_000);
    await this.take();
  }

  /** As with a beat alone: nothing is done before the clock goes on. */
  take(...given: { jws: string }[]): Promise<void> {
    return this.#here.desk.take(given.map(({ jws }) => jws));
  }

  async close(): Promise<void> {
    await this.#here.desk.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  #begin(over: Partial<Pick<HostCommandsInit, 'shell' | 'dataDir'>> = {}): HostCommands {
    const here = hostCommands({
      dataDir: this.folder,
      terminalId: HERE,
      clock: this.clock,
      quietMs: 60_000,
      shell: {
        restart: () => this.done.push('restart'),
        picture: () => Promise.resolve(this.picture),
      },
      client: { post: (path: string, _schema: unknown, body: unknown) => this.#post(path, body) as never },
      support: () => Promise.resolve(SUPPORT),
      machine: { look: () => Promise.resolve({} as never) },
      shown: () => this.shown,
      reload: () => Promise.resolve(void this.done.push('reload')),
      log: () => ['{"level":30}', 'x'.repeat(5_000)],
      moment: () => this.moment,
      now: () => this.clock.now(),
      onBlocked: (blocked) => this.done.push(`blocked ${String(blocked)}`),
      onFault: (where, error) => this.faults.push(`${where} ${codeOf(error) ?? String(error)}`),
      ...over,
    });
    here.desk.start();
    return here;
  }

  async #post(path: string, body: unknown): Promise<unknown> {
    if (this.away) throw new ApiError({ code: 'server.unavailable', message: 'away', status: 0 });
    if (path.endsWith('/diagnostics')) return { reportNo: '00000042' };
    this.heard.push([path.split('/')[4] ?? '', body as CommandResult]);
    return undefined;
  }
}
