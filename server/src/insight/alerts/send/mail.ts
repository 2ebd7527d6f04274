import { createTransport } from 'nodemailer';
import type { AlertTarget } from '@bianmin/purchase/api/alert-destinations';
import { SendError } from './error.ts';
import { isLoopback } from './loopback.ts';

type MailTarget = Extract<AlertTarget, { kind: 'email' }>;

/** ms, for each of connecting, greeting and every answer. */
const TIMEOUT_MS = 10_000;

/** Resolves once the mail server has it. Throws `SendError`. */
export async function sendMail(target: MailTarget, text: string): Promise<void> {
  const { host, port, secure, user, password, from, to } = target;
  const transport = createTransport({
    ...{ host, port, secure, connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS },
    ...{ socketTimeout: TIMEOUT_MS, requireTLS: !secure && !isLoopback(host) },
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    // Nothing of a message is read from a file or an address.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  try {
    const [subject = ''] = text.split('\n');
    await transport.sendMail({ from, to: [...to], subject, text });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'failed';
    throw new SendError(`mail-${code}`.toLowerCase().replace(/[^\w-]/gu, ''));
  } finally {
    transport.close();
  }
}
