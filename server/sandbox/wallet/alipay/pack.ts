import { generateKeyPairSync } from 'node:crypto';
import type { Packet, PacketFault, PackInit } from '../dialect.ts';
import type { AlipayKeys } from './keys.ts';
import { certificateNumber, sign, signedText } from './signing.ts';
import { stamp } from './views.ts';

/** A notification as it goes over the wire: a signed form, wrong in the way that `fault` says. */
export function packNotification(keys: AlipayKeys, { delivery, nowMs, signWith, fault }: PackInit): Packet {
  const fields = new Map(Object.entries(delivery.content).map(([name, value]) => [name, String(value)]));
  fields.set('notify_id', delivery.id.replaceAll('-', ''));
  fields.set('notify_time', stamp(nowMs));
  fields.set('charset', 'utf-8');
  fields.set('version', '1.0');
  const change = fault === undefined ? undefined : CHANGES[fault];
  change?.(fields);
  const signer = signerOf(keys, signWith, fault);
  const signature = sign(signedText(fields), signer.privateKey);
  fields.set('sign_type', 'RSA2');
  if (signer.number !== undefined) fields.set('alipay_cert_sn', signer.number);
  fields.set('sign', fault === 'bad-signature' ? flipBit(signature) : signature);
  if (fault === 'tampered') fields.set('subject', `${fields.get('subject') ?? ''}.`);
  return {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams([...fields]).toString(),
  };
}

/** What a genuine notification says that it should not. Faults that Alipay's protocol has no place for change nothing. */
const CHANGES: Readonly<Partial<Record<PacketFault, (fields: Map<string, string>) => void>>> = {
  'wrong-amount': (fields) => {
    const fen = Math.round(Number(fields.get('total_amount')) * 100) - 1;
    fields.set('total_amount', (fen / 100).toFixed(2));
  },
  'foreign-merchant': (fields) => fields.set('seller_id', '2088000000000000'),
  'foreign-app': (fields) => fields.set('app_id', '2021000000000000'),
};

/** Whose key signs, and the number of its certificate in certificate mode. */
export function signerOf(
  keys: AlipayKeys,
  mode: PackInit['signWith'],
  fault: string | undefined,
): { privateKey: string; number: string | undefined } {
  if (fault === 'unknown-serial') {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    return { privateKey, number: '0'.repeat(32) };
  }
  if (mode === 'publicKeyMode') return { privateKey: keys.publicKeyMode.privateKey, number: undefined };
  return {
    privateKey: keys.certificateMode.privateKey,
    number: certificateNumber(keys.certificateMode.certificate),
  };
}

export function flipBit(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  return bytes.toString('base64');
}
