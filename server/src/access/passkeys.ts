import { isIP } from 'node:net';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Clock } from '@bianmin/card/clock';
import type { PasskeyAnswer, PasskeyCreated, PasskeyOptions } from '@bianmin/purchase/api/passkeys';
import { ProblemError } from '../kernel/problem.ts';
import type { AdminPrincipal } from '../kernel/principal.ts';
import type { Passkey, PasskeyStore } from './store/passkeys.ts';
import type { SessionStore } from './store/sessions.ts';

/** How long a person may take to find their key. */
const CHALLENGE_MS = 5 * 60_000;
/** Of one user: more is no safer. */
const MOST = 10;
/** Ed25519, P-256 with SHA-256, RSA with SHA-256, by their COSE numbers (RFC 9053). */
const ALGORITHMS = [-8, -7, -257];
const NAME = '便民 Bianmin';

/** Where the console is, as its browsers say it. */
export interface PasskeySite {
  /** `https://host`, without a path. */
  readonly origin: string;
  readonly host: string;
}

/** Null where passkeys cannot be had: browsers make none for an address of numbers. */
export function passkeySite(url: string): PasskeySite | null {
  const { origin, hostname: host } = new URL(url);
  return isIP(host.replace(/^\[|\]$/gu, '')) === 0 ? { origin, host } : null;
}

export interface PasskeysInit {
  readonly store: PasskeyStore;
  readonly sessions: Pick<SessionStore, 'putChallenge' | 'takeChallenge'>;
  readonly site: PasskeySite | null;
  readonly clock: Clock;
}

/**
 * Passkeys (WebAuthn) as second factor: what the device signs is good for this site alone, so that no page in between can have it. A
 * challenge is of one login, once, for five minutes; the device must know its person (PIN, finger, face).
 */
export class Passkeys {
  readonly #init: PasskeysInit;

  constructor(init: PasskeysInit) {
    this.#init = init;
  }

  get offered(): boolean {
    return this.#init.site !== null;
  }

  list(userId: string): Promise<Passkey[]> {
    return this.#init.store.ofUser(userId);
  }

  /** What the browser is told to make a key by. Throws `passkey.not-offered`, `passkey.too-many`. */
  async begin(by: AdminPrincipal): Promise<PasskeyOptions> {
    const { host } = this.#site();
    const known = await this.#init.store.ofUser(by.userId);
    if (known.length >= MOST) throw tooMany();
    const options = await generateRegistrationOptions({
      ...{ rpName: NAME, rpID: host, userName: by.name, userDisplayName: by.name },
      ...{ userID: Uint8Array.from(Buffer.from(by.userId)), attestationType: 'none', timeout: CHALLENGE_MS },
      excludeCredentials: known.map(asked),
      authenticatorSelection: { residentKey: 'discouraged', userVerification: 'required' },
      supportedAlgorithmIDs: ALGORITHMS,
    });
    await this.#put(by, 'create', options.challenge);
    return { ...options };
  }

  /** Keeps a key that was made. Throws `auth.passkey` where it is not of this login's challenge, site or person. */
  async add(by: AdminPrincipal, name: string, response: PasskeyCreated): Promise<Passkey> {
    const { origin, host } = this.#site();
    const challenge = await this.#take(by, 'create');
    const made = await verifyRegistrationResponse({
      ...{ response: response as Parameters<typeof verifyRegistrationResponse>[0]['response'] },
      ...{ expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: host },
      ...{ requireUserVerification: true, supportedAlgorithmIDs: ALGORITHMS },
    }).catch(() => undefined);
    if (made?.verified !== true) throw refused();
    const { id, publicKey, counter, transports = [] } = made.registrationInfo.credential;
    const passkey: Passkey = {
      ...{ _id: id, userId: by.userId, name, counter, transports: [...transports] },
      publicKey: Buffer.from(publicKey).toString('base64url'),
      createdAt: new Date(this.#init.clock.now()),
    };
    if ((await this.#init.store.insert(passkey)) === 'exists') throw refused();
    return passkey;
  }

  /** What the browser is told to sign. Throws `passkey.not-offered`. */
  async ask(by: AdminPrincipal): Promise<PasskeyOptions> {
    const { host } = this.#site();
    const known = await this.#init.store.ofUser(by.userId);
    const options = await generateAuthenticationOptions({
      ...{ rpID: host, allowCredentials: known.map(asked) },
      ...{ userVerification: 'required', timeout: CHALLENGE_MS },
    });
    await this.#put(by, 'get', options.challenge);
    return { ...options };
  }

  /** Whether one of the user's keys signed this login's challenge, here, now. Each challenge is good once, also for a wrong answer. */
  async accepts(by: AdminPrincipal, response: PasskeyAnswer): Promise<boolean> {
    const { store, site, clock } = this.#init;
    if (site === null) return false;
    const challenge = await this.#take(by, 'get');
    const passkey = (await store.ofUser(by.userId)).find(({ _id }) => _id === response.id);
    if (passkey === undefined) return false;
    const said = await verifyAuthenticationResponse({
      ...{ response: response as Parameters<typeof verifyAuthenticationResponse>[0]['response'] },
      ...{ expectedChallenge: challenge, expectedOrigin: site.origin, expectedRPID: site.host },
      requireUserVerification: true,
      credential: {
        ...{ id: passkey._id, counter: passkey.counter, transports: [...passkey.transports] },
        publicKey: Uint8Array.from(Buffer.from(passkey.publicKey, 'base64url')),
      },
    }).catch(() => undefined);
    if (said?.verified !== true) return false;
    return store.use(passkey, said.authenticationInfo.newCounter, new Date(clock.now()));
  }

  /** Throws `request.not-found`. */
  async rename(userId: string, id: string, name: string): Promise<void> {
    if (!(await this.#init.store.rename(userId, id, name))) throw none();
  }

  /** Throws `request.not-found`. */
  async remove(userId: string, id: string): Promise<void> {
    if (!(await this.#init.store.remove(userId, id))) throw none();
  }

  #site(): PasskeySite {
    const { site } = this.#init;
    if (site !== null) return site;
    throw new ProblemError({
      code: 'passkey.not-offered',
      message:
        'Browsers make passkeys for names only: open the console by its name (ADMIN_ORIGIN), not by a number.',
    });
  }

  #put({ session }: AdminPrincipal, of: 'create' | 'get', challenge: string): Promise<void> {
    const until = new Date(this.#init.clock.now() + CHALLENGE_MS);
    return this.#init.sessions.putChallenge(session.id, { of, challenge, until });
  }

  /** What nothing can be signed for, where there is none. */
  async #take({ session }: AdminPrincipal, of: 'create' | 'get'): Promise<string> {
    const taken = await this.#init.sessions.takeChallenge(session.id);
    const good = taken?.of === of && taken.until.getTime() > this.#init.clock.now();
    if (good) return taken.challenge;
    throw refused();
  }
}

const asked = ({ _id, transports }: Passkey) => ({ id: _id, transports: [...transports] });

function refused(): ProblemError {
  return new ProblemError({
    code: 'auth.passkey',
    message:
      'The passkey was not accepted: it is another user’s, of another site, or its time was over. Try again.',
  });
}

function tooMany(): ProblemError {
  return new ProblemError({
    code: 'passkey.too-many',
    message: `A user has ${MOST} passkeys at most. Remove one that is not used any more.`,
  });
}

function none(): ProblemError {
  return new ProblemError({ code: 'request.not-found', message: 'You have no such passkey.' });
}
