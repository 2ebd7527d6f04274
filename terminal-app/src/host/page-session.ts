import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export const COOKIE_NAME = 'bianmin-page';
/** Pages that may be signed in at once: the kiosk's own, and a developer's few. */
const MAX_SESSIONS = 8;

/**
 * Who may open the screen. There is always one unused token; using it gives a session, kept in a cookie that no
 * script can read, and makes the next token. Tokens and sessions end with the process.
 */
export class PageSessions {
  #token = newSecret();
  readonly #sessions: string[] = [];
  readonly #onToken: (token: string) => void;

  /** `onToken` is told of each new token; the constructor's own is in `token`. */
  constructor(onToken: (token: string) => void = () => undefined) {
    this.#onToken = onToken;
  }

  get token(): string {
    return this.#token;
  }

  /** The session for a token that was not used before, or undefined. */
  exchange(token: string): string | undefined {
    if (!same(token, this.#token)) return undefined;
    this.#token = newSecret();
    this.#onToken(this.#token);
    const session = newSecret();
    this.#sessions.push(session);
    if (this.#sessions.length > MAX_SESSIONS) this.#sessions.shift();
    return session;
  }

  /** Whether a Cookie header carries a session. */
  admits(cookieHeader: string | undefined): boolean {
    const prefix = `${COOKIE_NAME}=`;
    return (cookieHeader ?? '')
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part.startsWith(prefix))
      .some((part) => this.#sessions.some((session) => same(part.slice(prefix.length), session)));
  }
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
