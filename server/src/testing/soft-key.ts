import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

/** What a soft key says otherwise than an honest device at the right site. */
export interface Wrong {
  readonly origin?: string;
  readonly host?: string;
  readonly unverified?: true;
  readonly counter?: number;
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: string | Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** A security key in memory (WebAuthn, ES256, attestation `none`): makes one credential and signs with it. */
export class SoftKey {
  readonly id = randomBytes(32);
  readonly #origin: string;
  readonly #host: string;
  readonly #privateKey: KeyObject;
  readonly #cose: Uint8Array;
  #counter = 0;

  constructor(origin: string) {
    this.#origin = origin;
    this.#host = new URL(origin).hostname;
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    this.#privateKey = privateKey;
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    // RFC 9053: EC2, ES256, P-256.
    const cose = new Map<number, number | Uint8Array>([
      ...([
        [1, 2],
        [3, -7],
        [-1, 1],
      ] as const),
      [-2, Uint8Array.from(Buffer.from(x, 'base64url'))],
      [-3, Uint8Array.from(Buffer.from(y, 'base64url'))],
    ]);
    this.#cose = isoCBOR.encode(cose);
  }

  /** `RegistrationResponseJSON` for these options. */
  create({ challenge }: { challenge: string }, wrong: Wrong = {}) {
    const clientData = this.#clientData('webauthn.create', challenge, wrong);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const authData = Buffer.concat([
      ...[this.#head(HAS_CREDENTIAL, wrong), Buffer.alloc(16), length, this.id, this.#cose],
    ]);
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', Uint8Array.from(authData)],
    ]);
    return {
      ...this.#named(),
      response: {
        clientDataJSON: base64url(clientData),
        attestationObject: base64url(isoCBOR.encode(attestation as Parameters<typeof isoCBOR.encode>[0])),
        transports: ['usb'],
      },
    };
  }

  /** `AuthenticationResponseJSON` for these options. */
  get({ challenge }: { challenge: string }, wrong: Wrong = {}) {
    this.#counter += 1;
    const clientData = this.#clientData('webauthn.get', challenge, wrong);
    const authData = this.#head(0, wrong);
    const signature = sign('sha256', Buffer.concat([authData, sha256(clientData)]), this.#privateKey);
    return {
      ...this.#named(),
      response: {
        clientDataJSON: base64url(clientData),
        authenticatorData: base64url(authData),
        signature: base64url(signature),
      },
    };
  }

  #named() {
    const id = base64url(this.id);
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {} };
  }

  #head(flags: number, { host = this.#host, unverified, counter = this.#counter }: Wrong): Buffer {
    const rest = Buffer.alloc(5);
    rest.writeUInt8(flags | USER_PRESENT | (unverified === true ? 0 : USER_VERIFIED));
    rest.writeUInt32BE(counter, 1);
    return Buffer.concat([sha256(host), rest]);
  }

  #clientData(type: string, challenge: string, { origin = this.#origin }: Wrong): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }
}
