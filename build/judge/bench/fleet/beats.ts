import { BEAT_PATH } from '@bianmin/purchase/api/beat-key';
import type { Heartbeat } from '@bianmin/purchase/api/heartbeat';
import { beatHeaders, type BeatCredential } from '../terminal-proofs.ts';

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
export function beatRequest(credential: BeatCredential, beat: Heartbeat, created: number): Buffer {
  const body = JSON.stringify(beat);
  return post(BEAT_PATH, beatHeaders(credential, body, created), body);
}
