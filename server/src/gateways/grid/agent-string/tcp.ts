import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { realDeadline, type Deadline } from '../../../kernel/deadline.ts';
import { broken, neverLeft } from '../failures.ts';
import type { TlsIdentity } from '../tls.ts';
import { FrameReader } from './frame-reader.ts';

/** One frame there, one back. Fails with `grid.unavailable` (never left) or `grid.unknown` (may have arrived). */
export interface FrameTransport {
  exchange(frame: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
}

/** A connection for each exchange (短连接), to `tcp://host:port` or `tls://host:port`: no answer can be another's. */
export function tcpTransport(
  url: string,
  tls: TlsIdentity = {},
  deadline: Deadline = realDeadline,
): FrameTransport {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const target = { host, port: Number(port) };
  const open = (connected: () => void): Socket =>
    protocol === 'tls:'
      ? connectTls({ ...tls, ...target, ...(isIP(host) === 0 ? { servername: host } : {}) }, connected)
      : connect(target, connected);
  return {
    exchange: (frame, timeoutMs) =>
      new Promise((resolve, reject) => {
        const reader = new FrameReader();
        let left = false;
        const socket = open(() => {
          left = true;
          socket.write(frame);
        });
        const expired = deadline(timeoutMs);
        const expire = (): void => fail(expired.reason);
        const done = (): void => {
          expired.removeEventListener('abort', expire);
          socket.destroy();
        };
        const fail = (cause: unknown): void => {
          done();
          reject(left ? broken(cause) : neverLeft(cause));
        };
        expired.addEventListener('abort', expire);
        socket.on('error', fail);
        socket.on('close', () => fail(new Error('The connection ended without a whole answer.')));
        socket.on('data', (chunk) => {
          try {
            const answer = reader.push(chunk);
            if (answer === undefined) return;
            done();
            resolve(answer);
          } catch (cause) {
            fail(cause);
          }
        });
      }),
  };
}
