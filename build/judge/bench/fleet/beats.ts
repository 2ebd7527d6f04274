import { createHash, createHmac, randomBytes } from 'node:crypto';
import {
  BEAT_PATH,
  BEAT_SCHEME,
  beatSignatureBase,
  beatSignatureParams,
} from '@bianmin/purchase/api/beat-key';
import type { Heartbeat } from '@bianmin/purchase/api/heartbeat';

export interface BeatCredential {
  readonly token: string;
  readonly key: Buffer;
}

/** A POST as a proxy that keeps its connections sends it. */
export function post(path: string, headers: Readonly<Record<string, string>>, body: string): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = Buffer.byteLength(body);
  const type = body === '' ? '' : 'Content-Type: application/json\r\n';
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: bianmin.test\r\n${lines.join('')}${type}Content-Length: ${length}\r\n\r\n${body}`,
    'latin1',
  );
}

/** A signed beat, whole, ready to be sent at about `created`. */
export function beatRequest({ token, key }: BeatCredential, beat: Heartbeat, created: number): Buffer {
  const body = JSON.stringify(beat);
  const init = { created, nonce: randomBytes(16).toString('base64url') };
  const contentDigest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
  const base = beatSignatureBase({ ...init, path: BEAT_PATH, contentDigest });
  const signature = createHmac('sha256', key).update(base).digest('base64');
  const headers = {
    Authorization: `${BEAT_SCHEME} ${token}`,
    'Content-Digest': contentDigest,
    'Signature-Input': `beat=${beatSignatureParams(init)}`,
    Signature: `beat=:${signature}:`,
  };
  return post(BEAT_PATH, headers, body);
}
