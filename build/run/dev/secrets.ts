import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.strictObject({
  /** 32 bytes hex; signs tokens, so that a kiosk stays signed in over a restart. */
  tokenSecret: z.string().regex(/^[0-9a-f]{64}$/),
  /** Accepts the stack's own kiosk, once. */
  enrolCode: z.string(),
  adminPassword: z.string(),
  /** Signs commands to the stack's kiosk, which keeps the public half. */
  commandSignKey: z.base64(),
});
export type StackSecrets = z.output<typeof schema>;

/** No letter or digit that is taken for another when it is read off a screen. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** The development stack's own secrets, made at its first start and kept in `dir/secrets.json` (0600). */
export async function loadOrCreateSecrets(dir: string): Promise<StackSecrets> {
  const path = join(dir, 'secrets.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (text !== null) {
    const known = parsed(text, path);
    // A world of before terminals were sent commands goes on with its other secrets.
    const secrets = { ...known, commandSignKey: known.commandSignKey ?? newSignKey() };
    if (known.commandSignKey === undefined) await writeFile(path, jsonOf(secrets), { mode: 0o600 });
    return secrets;
  }
  const secrets: StackSecrets = {
    tokenSecret: randomBytes(32).toString('hex'),
    enrolCode: readable(12),
    adminPassword: readable(16),
    commandSignKey: newSignKey(),
  };
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeFile(path, jsonOf(secrets), { mode: 0o600, flag: 'wx' });
  return secrets;
}

const kept = schema.partial({ commandSignKey: true });

function parsed(text: string, path: string): z.output<typeof kept> {
  try {
    return kept.parse(JSON.parse(text));
  } catch {
    // The parser's own message would quote a secret.
    throw new Error(`${path} cannot be read. Start again with --fresh, which begins with an empty world.`);
  }
}

function jsonOf(secrets: StackSecrets): string {
  return `${JSON.stringify(secrets, null, 2)}\n`;
}

/** EC P-256, PKCS#8, base64. */
function newSignKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

function readable(length: number): string {
  const letters = Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)] ?? '');
  return letters.join('').replace(/.{4}(?=.)/g, '$&-');
}
