import { join } from 'node:path';
import { runToEnd } from '../../../kit/process/run-to-end.ts';

/** A certificate for localhost with its key, as `tls.crt` and `tls.key` in the folder. */
export async function selfSigned(folder: string): Promise<void> {
  const { code, output } = await runToEnd('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
    ...['-keyout', join(folder, 'tls.key'), '-out', join(folder, 'tls.crt')],
  ]);
  if (code !== 0) throw new Error(`openssl made no certificate:\n${output}`);
}
