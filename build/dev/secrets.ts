import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.strictObject({
  /** 32 bytes hex; signs tokens, so that a kiosk stays signed in over a restart. */
  tokenSecret: z.string().regex(/^[0-9a-f]{64}$/),
  /** Accepts the stack's own kiosk, once. */
  enrolCode: z.string(),
  adminPassword: z.string(),
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
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      // The parser's own message would quote a secret.
      throw new Error(`${path} cannot be read. Start again with --fresh, which begins with an empty world.`);
    }
  }
  const secrets: StackSecrets = {
    tokenSecret: randomBytes(32).toString('hex'),
    enrolCode: readable(12),
    adminPassword: readable(16),
  };
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeFile(path, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return secrets;
}

function readable(length: number): string {
  const letters = Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)] ?? '');
  return letters.join('').replace(/.{4}(?=.)/g, '$&-');
}
