import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Pages that may be signed in at once: the kiosk's own, and a developer's few. */
const MAX_SESSIONS = 8;

/**
 * Who may open the screen. There is always one unused token; using it gives a session, kept in a cookie that no
 * script can read, and makes the next token. Only digests of sessions are kept, so that a page outlives its host's
 * restart and a stolen file opens nothing.
 */
export class PageSessions {
  #token = newSecret();
  readonly #cookieName: string;
  readonly #digests: string[];
  readonly #onChange: (digests: readonly string[]) => void;

  constructor(init: {
    readonly cookieName: string;
    /** Of sessions given before. */
    readonly digests: readonly string[];
    /** A token was used: there are a new one and a new session. */
    readonly onChange: (digests: readonly string[]) => void;
  }) {
    this.#cookieName = init.cookieName;
    this.#digests = init.digests.slice(-MAX_SESSIONS);
    this.#onChange = init.onChange;
  }

  get token(): string {
    return this.#token;
  }

  /** The session for a token that was not used before, or undefined. */
  exchange(token: string): string | undefined {
    if (!same(digestOf(token), digestOf(this.#token))) return undefined;
    this.#token = newSecret();
    const session = newSecret();
    this.#digests.push(digestOf(session));
    if (this.#digests.length > MAX_SESSIONS) this.#digests.shift();
    this.#onChange(this.#digests);
    return session;
  }

  /** The Set-Cookie header that gives a page its session. */
  cookieFor(session: string): string {
    return `${this.#cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** Whether a Cookie header carries a session. */
  admits(cookieHeader: string | undefined): boolean {
    const prefix = `${this.#cookieName}=`;
    return (cookieHeader ?? '')
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part.startsWith(prefix))
      .map((part) => digestOf(part.slice(prefix.length)))
      .some((digest) => this.#digests.some((known) => same(digest, known)));
  }
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Of two digests in hex, in constant time. */
function same(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
}
