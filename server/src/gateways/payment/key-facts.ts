import { createHash, createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { ChannelKey } from '@bianmin/purchase/api/payments';
import { privateKeyOf, publicKeyOf } from './alipay/keys.ts';

type Facts = Pick<ChannelKey, 'kind' | 'fingerprint' | 'notAfter' | 'serial'>;

const PEM = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/gu;

/** What may be told of each key in a text of one or more, PEM or Alipay's bare base64. Never throws, never the key. */
export function factsOf(text: string): Facts[] {
  const pems = text.match(PEM) ?? [text];
  return pems.map((pem) => {
    try {
      return factsOfOne(pem);
    } catch {
      return { kind: 'unreadable', fingerprint: null, notAfter: null, serial: null };
    }
  });
}

function factsOfOne(text: string): Facts {
  if (text.includes('CERTIFICATE')) {
    const certificate = new X509Certificate(text);
    return {
      kind: 'certificate',
      fingerprint: fingerprintOf(certificate.publicKey),
      notAfter: new Date(certificate.validTo).toISOString(),
      serial: certificate.serialNumber,
    };
  }
  const plain = { notAfter: null, serial: null };
  if (text.includes('PRIVATE KEY')) {
    return {
      kind: 'private-key',
      fingerprint: fingerprintOf(createPublicKey(createPrivateKey(text))),
      ...plain,
    };
  }
  if (text.includes('PUBLIC KEY')) {
    return { kind: 'public-key', fingerprint: fingerprintOf(createPublicKey(text)), ...plain };
  }
  return bare(text);
}

/** Bare base64: a private key holds a public one, so that it is tried first. */
function bare(text: string): Facts {
  const plain = { notAfter: null, serial: null };
  try {
    const key = createPublicKey(privateKeyOf(text));
    return { kind: 'private-key', fingerprint: fingerprintOf(key), ...plain };
  } catch {
    return { kind: 'public-key', fingerprint: fingerprintOf(publicKeyOf(text)), ...plain };
  }
}

/** SHA-256 of the public half (SubjectPublicKeyInfo), hex. */
export function fingerprintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** Each key in a variable of the environment, which may hold several; nothing where it is not set. */
export function keysNamed<Name extends string>(
  settings: Readonly<Partial<Record<Name, unknown>>>,
  name: Name,
  { whose, serial }: { readonly whose: ChannelKey['whose']; readonly serial?: string | undefined },
): ChannelKey[] {
  const text = settings[name];
  if (typeof text !== 'string') return [];
  return factsOf(text).map((facts) => ({
    ...{ source: 'environment', name, whose },
    ...facts,
    serial: serial ?? facts.serial,
  }));
}

/** A secret that both sides have, of which nothing may be told. */
export function secretKey(name: string, value: string | undefined): ChannelKey[] {
  const none = { serial: null, fingerprint: null, notAfter: null };
  return value === undefined ? [] : [{ source: 'environment', name, whose: 'ours', kind: 'secret', ...none }];
}

/** Alipay's bare base64 becomes PEM, which can stand beside another. */
export function beside(known: string | undefined, pem: string): string {
  if (known === undefined) return pem;
  const first = known.includes('-----BEGIN')
    ? known
    : `-----BEGIN PUBLIC KEY-----\n${known.trim()}\n-----END PUBLIC KEY-----`;
  return `${first.trim()}\n${pem.trim()}\n`;
}
