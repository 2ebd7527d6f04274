import { createHash, createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { ChannelKey } from '@bianmin/shared/api/payments';
import type { Channel } from '@bianmin/shared/api/scalars';
import type { Config } from '../config.ts';
import { privateKeyOf, publicKeyOf } from '../payment/alipay/keys.ts';
import { keyOfPkcs12 } from '../payment/bestpay/keys.ts';

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

function fingerprintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** What a channel is spoken to and believed by as the environment has it. */
export function keysOfConfig(config: Config, channel: Channel): ChannelKey[] {
  const of = (name: keyof Config, whose: ChannelKey['whose'], serial?: string): ChannelKey[] => {
    const text = config[name];
    if (typeof text !== 'string') return [];
    return factsOf(text).map((facts) => ({
      ...{ source: 'environment', name, whose },
      ...facts,
      serial: serial ?? facts.serial,
    }));
  };
  switch (channel) {
    case 'wechat':
      return [
        ...of('WECHAT_PRIVATE_KEY', 'ours', config.WECHAT_SERIAL),
        ...Object.entries(config.WECHAT_PLATFORM_KEYS ?? {}).flatMap(([serial, pem]) =>
          factsOf(pem).map((facts) => {
            const name = 'WECHAT_PLATFORM_KEYS';
            return { source: 'environment', name, whose: 'theirs' as const, ...facts, serial };
          }),
        ),
        ...secret('WECHAT_APIV3_KEY', config.WECHAT_APIV3_KEY),
      ];
    case 'alipay':
      return [
        ...of('ALIPAY_PRIVATE_KEY', 'ours'),
        ...of('ALIPAY_APP_CERT', 'ours'),
        ...of('ALIPAY_PUBLIC_KEY', 'theirs'),
        ...of('ALIPAY_CERT', 'theirs'),
        ...of('ALIPAY_ROOT_CERT', 'theirs'),
      ];
    case 'bestpay':
      return [...of('BESTPAY_PRIVATE_KEY', 'ours'), ...pkcs12(config), ...of('BESTPAY_PUBLIC_KEY', 'theirs')];
  }
}

function secret(name: string, value: string | undefined): ChannelKey[] {
  const none = { serial: null, fingerprint: null, notAfter: null };
  return value === undefined ? [] : [{ source: 'environment', name, whose: 'ours', kind: 'secret', ...none }];
}

function pkcs12({ BESTPAY_PKCS12: file, BESTPAY_PKCS12_PASSWORD: password }: Config): ChannelKey[] {
  if (file === undefined || password === undefined) return [];
  const of = {
    source: 'environment',
    name: 'BESTPAY_PKCS12',
    whose: 'ours',
    serial: null,
    notAfter: null,
  } as const;
  try {
    const fingerprint = fingerprintOf(createPublicKey(keyOfPkcs12(file, password)));
    return [{ ...of, kind: 'private-key', fingerprint }];
  } catch {
    return [{ ...of, kind: 'unreadable', fingerprint: null }];
  }
}
