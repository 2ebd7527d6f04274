import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';
import { ecPublicJwk } from '@bianmin/purchase/api/terminal';
import { HostError } from './error.ts';

const ecPrivateJwk = ecPublicJwk.extend({ d: z.string().regex(/^[\w-]{43}$/) });
export type EcPrivateJwk = z.infer<typeof ecPrivateJwk>;

const fileSchema = z.strictObject({ version: z.literal(1), sign: ecPrivateJwk, seal: ecPrivateJwk });
export interface IdentityKeys {
  readonly sign: EcPrivateJwk;
  readonly seal: EcPrivateJwk;
}

const FILE = 'identity.json';

/**
 * The keys in `dir/identity.json`, readable by their owner alone. Made durable before anybody is told of them:
 * a terminal that forgot its keys would be another terminal. Of two programs that make them at once one wins,
 * and both use the winner's.
 */
export async function loadOrCreateKeys(dir: string): Promise<IdentityKeys> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const path = join(dir, FILE);
    return (await read(path)) ?? (await create(path));
  } catch (cause) {
    throw new HostError({
      code: 'identity.unreadable',
      message: `The terminal's keys cannot be read or made. Restore ${FILE} or, to enrol anew, remove it.`,
      cause: cause instanceof z.ZodError ? undefined : cause,
    });
  }
}

async function read(path: string): Promise<IdentityKeys | undefined> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    // A parser's message can quote what it read.
    throw error instanceof SyntaxError ? new Error('It is not JSON.') : error;
  }
}

async function create(path: string): Promise<IdentityKeys> {
  const keys = { version: 1, sign: await newKey('ES256'), seal: await newKey('ECDH-ES') };
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify(keys));
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // Unlike a rename it fails where the file has come to be meanwhile.
    await link(temporary, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(temporary);
  }
  await syncFolder(dirname(path));
  const kept = await read(path);
  if (kept === undefined) throw new Error('It vanished while it was made.');
  return kept;
}

async function newKey(alg: 'ES256' | 'ECDH-ES'): Promise<EcPrivateJwk> {
  const { privateKey } = await generateKeyPair(alg, { crv: 'P-256', extractable: true });
  const { kty, crv, x, y, d } = await exportJWK(privateKey);
  return ecPrivateJwk.parse({ kty, crv, x, y, d });
}

async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders and keeps names by its own journal.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
