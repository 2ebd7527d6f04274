import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Clock } from '@bianmin/card/clock';
import type { SecretSeal } from '../kernel/secret-seal.ts';
import type { PasskeyStore } from './store/passkeys.ts';
import type { User, UserStore } from './store/users.ts';
import { sha256Hex } from '../kernel/canonical.ts';

/** RFC 6238 with what every authenticator knows: SHA-1, six digits, thirty seconds, one step early or late. */
const PERIOD_S = 30;
const WINDOW = 1;
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;

/** What stands beside the password: codes of an authenticator (TOTP), or passkeys. The secret is sealed; a code is taken once; ten recovery codes stand in for it. */
export class SecondFactor {
  readonly #users: UserStore;
  readonly #seal: SecretSeal;
  readonly #passkeys: Pick<PasskeyStore, 'any'>;
  readonly #clock: Clock;

  constructor(init: {
    users: UserStore;
    passkeys: Pick<PasskeyStore, 'any'>;
    seal: SecretSeal;
    clock: Clock;
  }) {
    this.#users = init.users;
    this.#passkeys = init.passkeys;
    this.#seal = init.seal;
    this.#clock = init.clock;
  }

  /** A new secret, to be shown once; it counts when a code of it has come back. */
  async begin(user: { userId: string; name: string }): Promise<{ secret: string; uri: string }> {
    const secret = new Secret({ size: SECRET_BYTES }).base32;
    await this.#users.proposeTotp(user.userId, this.#seal.seal(secret, user.userId));
    return { secret, uri: totpOf(secret, user.name).toString() };
  }

  /** Takes the proposed secret into use. Gives the recovery codes, once; null where the code is not its. */
  async turnOn(userId: string, code: string): Promise<string[] | null> {
    const sealed = (await this.#users.get(userId))?.totpProposed;
    if (sealed === undefined) return null;
    const step = this.#stepOf(this.#seal.open(sealed, userId), code);
    if (step === null) return null;
    const codes = newCodes();
    const kept = { sealed, lastStep: step };
    const done = await this.#users.turnTotpOn(userId, kept, codes.map(recoveryHash));
    return done ? codes : null;
  }

  /** Whether a code of the authenticator, or a recovery code, is good; it is used up by that. */
  async take(user: User, code: string): Promise<boolean> {
    if (isRecoveryCode(code)) return this.#users.takeRecovery(user._id, recoveryHash(code));
    if (user.totp === undefined) return false;
    const step = this.#stepOf(this.#seal.open(user.totp.sealed, user._id), code);
    return step !== null && (await this.#users.takeTotpStep(user._id, step));
  }

  /** Takes the authenticator away, with the recovery codes where no passkey is left that they stand in for. */
  async turnOff(userId: string): Promise<void> {
    const keepCodes = await this.#passkeys.any(userId);
    await this.#users.turnTotpOff(userId, new Date(this.#clock.now()), keepCodes);
  }

  /** New recovery codes for a user who has none; null where there are some. To be shown once. */
  async codesFor(userId: string): Promise<string[] | null> {
    if (((await this.#users.get(userId))?.recovery ?? []).length > 0) return null;
    const codes = newCodes();
    return (await this.#users.giveRecovery(userId, codes.map(recoveryHash))) ? codes : null;
  }

  /** A passkey is gone: without any factor, codes stand in for nothing. */
  async forgetIdleCodes(userId: string): Promise<void> {
    const user = await this.#users.get(userId);
    if (user?.totp === undefined && !(await this.#passkeys.any(userId)))
      await this.#users.dropRecovery(userId);
  }

  /** Whether there is anything but the password. */
  async has(user: Pick<User, '_id' | 'totp'>): Promise<boolean> {
    return user.totp !== undefined || (await this.#passkeys.any(user._id));
  }

  #stepOf(secret: string, code: string): number | null {
    const timestamp = this.#clock.now();
    const delta = totpOf(secret, '').validate({ token: code, timestamp, window: WINDOW });
    return delta === null ? null : Math.floor(timestamp / 1000 / PERIOD_S) + delta;
  }
}

/** What is not six digits can be nothing else. */
export function isRecoveryCode(code: string): boolean {
  return !/^\d{6}$/u.test(code);
}

function totpOf(secret: string, label: string): TOTP {
  const algorithm = { algorithm: 'SHA1', digits: 6, period: PERIOD_S } as const;
  return new TOTP({ issuer: 'Bianmin', label, secret: Secret.fromBase32(secret), ...algorithm });
}

function newCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => readable(randomBytes(10)));
}

/** 80 bits as `xxxxx-xxxxx-xxxxx-xxxxx`. */
function readable(bytes: Buffer): string {
  return bytes.toString('hex').match(/.{5}/gu)?.join('-') ?? '';
}

/** Eighty random bits need no slow hash. */
function recoveryHash(code: string): string {
  return sha256Hex(`recovery:${code.toLowerCase().replaceAll(/[^0-9a-f]/gu, '')}`);
}
