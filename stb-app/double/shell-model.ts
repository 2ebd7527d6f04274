import { parseJson } from '@bianmin/card/json-text';
import { fromBase64 } from '@bianmin/purchase/android/base64';
import type {
  AndroidShell,
  AndroidShellPage,
  Shelf,
  ShellEvent,
  ShellFacts,
  ShellFailureCode,
  ShellRequest,
} from '@bianmin/purchase/android/shell';
import type { KeyStore } from './keys.ts';

type Fields = Readonly<Record<string, unknown>>;

const BODIES_KEPT = 20;

/** What a power cut leaves. */
export interface ShellStore {
  list(shelf: Shelf): Promise<string[]>;
  get(shelf: Shelf, name: string): Promise<string | undefined>;
  put(shelf: Shelf, name: string, value: string): Promise<void>;
  remove(shelf: Shelf, name: string): Promise<void>;
}

export type ShellHttp = (request: {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}) => Promise<{ status: number; headers: Record<string, string>; body: string }>;

export interface ShellModelInit {
  readonly facts: ShellFacts;
  readonly keys: KeyStore;
  /** New ones in place of lost ones, to be had after a power cut, too. */
  readonly renewKeys: () => Promise<KeyStore>;
  readonly store: ShellStore;
  /** Rejects where no answer came. */
  readonly http: ShellHttp;
  readonly time: () => { epochMs: number; monotonicMs: number; trusted: boolean };
  /** Of the intent that started the app; given once. */
  readonly launch?: { token?: string; backUrl?: string };
}

/** What the box's Java shell does besides readers, as its model (docs/protocol/box-shell.md). */
export class ShellModel implements AndroidShell {
  /** What the page has put where the shell finds it. */
  page: AndroidShellPage | undefined;
  /** The network is away. */
  offline = false;
  /** The network goes away as soon as such a path was answered. */
  cutAfter: RegExp | undefined;
  /** The next writes to the store fail. */
  full = false;
  /** Requests that came, by name. */
  readonly ops: string[] = [];
  /** What the server answered, the last ones. */
  readonly bodies: string[] = [];
  /** What was read aloud. */
  readonly spoken: string[] = [];
  /** Where the page went when it left; null: to live TV. */
  left: string | null | undefined;
  /** AndroidKeyStore no longer opens what it made. */
  keysLost = false;
  readonly #init: ShellModelInit;
  #keys: KeyStore;
  #launch: { token?: string; backUrl?: string };

  constructor(init: ShellModelInit) {
    this.#init = init;
    this.#keys = init.keys;
    this.#launch = init.launch ?? {};
  }

  /** Runs on a thread of its own there: returns at once. */
  call(id: string, request: string): void {
    const asked = parseJson(request) as ShellRequest;
    this.ops.push(asked.op);
    // An answer is for the page that asked, not for one that was loaded since.
    const { page } = this;
    void this.#carryOut(asked).then(
      (fields) => page?.answer(id, JSON.stringify({ ok: true, ...fields })),
      (error: unknown) => {
        const code = error instanceof Failure ? error.code : 'shell.io';
        page?.answer(id, JSON.stringify({ ok: false, code }));
      },
    );
  }

  /** An intent starts the app, or brings it to the front: what may be in it, and nothing else of it. */
  intent(extras: Readonly<Record<string, string>>): void {
    const { token, backUrl } = { ...inOne(extras['bianmin']), ...extras };
    this.#launch = {
      ...(typeof token === 'string' && /^[A-Za-z0-9_-]{22,64}$/.test(token) ? { token } : {}),
      ...(typeof backUrl === 'string' && /^https?:\/\//.test(backUrl) ? { backUrl } : {}),
    };
    this.event({ name: 'launch' });
  }

  event(event: ShellEvent): void {
    this.page?.event(JSON.stringify(event));
  }

  async #carryOut(request: ShellRequest): Promise<Fields> {
    const { facts, store, time } = this.#init;
    switch (request.op) {
      case 'hello':
        return { facts };
      case 'keys': {
        if (this.keysLost && request.renew === true) {
          this.#keys = await this.#init.renewKeys();
          this.keysLost = false;
        }
        const { alg, signKey, sealKey } = this.#whole();
        return { alg, signKey, sealKey };
      }
      case 'sign':
        return { signature: this.#whole().sign(fromBase64(request.data) ?? new Uint8Array()) };
      case 'unseal':
        return {
          text: await this.#whole()
            .unseal(request.jwe)
            .catch(() => {
              throw new Failure('shell.unseal-failed');
            }),
        };
      case 'http':
        return this.#http(request);
      case 'time':
        return time();
      case 'storeList':
        return { names: await store.list(request.shelf) };
      case 'storeGet':
        return { value: await store.get(request.shelf, request.name) };
      case 'storePut':
        if (this.full) throw new Failure('shell.store-full');
        await store.put(request.shelf, request.name, request.value);
        return {};
      case 'storeRemove':
        await store.remove(request.shelf, request.name);
        return {};
      case 'launch': {
        const launch = this.#launch;
        this.#launch = {};
        return launch;
      }
      case 'leave':
        this.left = request.backUrl ?? null;
        return {};
      case 'speak':
        this.spoken.push(request.text);
        return {};
      case 'update':
        return { state: 'none', version: facts.appVersion };
    }
  }

  #whole(): KeyStore {
    if (this.keysLost) throw new Failure('shell.keys-lost');
    return this.#keys;
  }

  async #http(request: Extract<ShellRequest, { op: 'http' }>): Promise<Fields> {
    if (this.offline) throw new Failure('http.unavailable');
    if (!request.path.startsWith('/v1/')) throw new Failure('shell.bad-request');
    try {
      const answer = await this.#init.http(request);
      this.bodies.push(answer.body);
      this.bodies.splice(0, this.bodies.length - BODIES_KEPT);
      if (this.cutAfter?.test(request.path) === true) this.offline = true;
      return answer;
    } catch {
      throw new Failure('http.unavailable');
    }
  }
}

/** Both in one extra, where a middleware passes one alone. */
function inOne(text: string | undefined): { token?: unknown; backUrl?: unknown } {
  return text === undefined ? {} : (parseJson(text) as { token?: unknown; backUrl?: unknown });
}

class Failure extends Error {
  readonly code: ShellFailureCode;

  constructor(code: ShellFailureCode) {
    super(code);
    this.code = code;
  }
}

/** A store that forgets with its process. */
export class MemoryStore implements ShellStore {
  readonly #values = new Map<string, string>();

  async list(shelf: Shelf): Promise<string[]> {
    const prefix = `${shelf}/`;
    return [...this.#values.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  }

  async get(shelf: Shelf, name: string): Promise<string | undefined> {
    return this.#values.get(`${shelf}/${name}`);
  }

  async put(shelf: Shelf, name: string, value: string): Promise<void> {
    this.#values.set(`${shelf}/${name}`, value);
  }

  async remove(shelf: Shelf, name: string): Promise<void> {
    this.#values.delete(`${shelf}/${name}`);
  }
}
