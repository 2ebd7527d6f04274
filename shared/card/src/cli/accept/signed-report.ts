import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import * as z from '../../schema/kinds.ts';
import { CliError } from '../error.ts';
import type { Files } from '../io.ts';
import { reportSchema, type Report } from './report-form.ts';

const base64 = z.string().regex(/^(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?$/);
const signatureSchema = z.strictObject({
  alg: z.literal('Ed25519'),
  /** SubjectPublicKeyInfo, base64: whose reports are one machine's. */
  publicKey: base64,
  /** SHA-256 of the report's text without this, hex. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  value: base64,
});
const signedSchema = z.strictObject({ ...reportSchema.shape, signature: signatureSchema.exactOptional() });

/** In what is signed, so that no signature for something else passes for one of a report. */
const CONTEXT = 'bianmin-acceptance-report';

/** A report as it is kept: signed once it is finished. */
export interface KeptReport {
  readonly report: Report;
  /** The key's fingerprint, SHA-256 hex; undefined while the visit goes on. */
  readonly signedBy?: string;
}

/**
 * The key of this machine's tool, made the first time and kept for its owner alone (`Files.write`). It says that reports are of
 * one hand and were not changed since, not whose hand.
 */
export async function reportKey(files: Files, path: string): Promise<ReturnType<typeof createPrivateKey>> {
  const kept = await files.read(path);
  if (kept !== undefined) {
    try {
      const key = createPrivateKey(kept);
      if (key.asymmetricKeyType === 'ed25519') return key;
    } catch {
      // Said below; the text never is.
    }
    throw badFile(path, 'key');
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  await files.write(path, String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  return privateKey;
}

/** The report's text; signed where a key is given. */
export function formatReport(report: Report, key?: Awaited<ReturnType<typeof reportKey>>): string {
  const parsed = reportSchema.parse(report);
  if (key === undefined) return text(parsed);
  const digest = digestOf(parsed);
  const signature = {
    alg: 'Ed25519',
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64'),
    digest,
    value: sign(null, signed(digest), key).toString('base64'),
  };
  return text({ ...parsed, signature });
}

/** Opens a report; `cli.bad-file` for what is none, or was changed after it was signed. Never says what stands there. */
export function openReport(path: string, kept: string): KeptReport {
  let json: unknown;
  try {
    json = JSON.parse(kept);
  } catch {
    throw badFile(path, 'JSON');
  }
  const parsed = signedSchema.safeParse(json);
  if (!parsed.success) throw badFile(path, `/${parsed.error.issues[0]?.path.map(String).join('/') ?? ''}`);
  const { signature, ...report } = parsed.data;
  if (signature === undefined) return { report };
  const { publicKey, digest, value } = signature;
  if (digest !== digestOf(report) || !isSigned({ publicKey, digest, value }))
    throw badFile(path, 'signature');
  return { report, signedBy: createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex') };
}

function isSigned(of: { publicKey: string; digest: string; value: string }): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(of.publicKey, 'base64'), format: 'der', type: 'spki' });
    return (
      key.asymmetricKeyType === 'ed25519' &&
      verify(null, signed(of.digest), key, Buffer.from(of.value, 'base64'))
    );
  } catch {
    return false;
  }
}

/** In the schema's order, whatever the file's was. */
function digestOf(report: Report): string {
  return createHash('sha256')
    .update(JSON.stringify(reportSchema.parse(report)))
    .digest('hex');
}

function signed(digest: string): Buffer {
  return Buffer.from(`${CONTEXT}\n${digest}`, 'ascii');
}

function text(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function badFile(path: string, where: string): CliError {
  return new CliError({
    code: 'cli.bad-file',
    message: `The file ${path} is not what this command takes (${where}).`,
    context: { path, where },
  });
}
