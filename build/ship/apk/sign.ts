import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { cacheFolder } from '../../kit/process/cache.ts';
import { run } from './run.ts';
import type { Settings, Signer } from './settings.ts';

const DEBUG_PASSWORD = 'BIANMIN_BOX_DEBUG_PASSWORD';

/** Signs with schemes 1 to 3. Passwords go by the environment: arguments are seen by everybody on the machine. */
export async function signPackage(unsigned: string, signed: string, settings: Settings): Promise<void> {
  const { signer, env } =
    settings.signer === undefined ? await debugSigner() : { signer: settings.signer, env: process.env };
  const { keystore, passwordVariable, alias } = signer;
  await mkdir(dirname(signed), { recursive: true });
  await run(
    'apksigner',
    [
      ...['sign', '--min-sdk-version', '21', '--v4-signing-enabled', 'false'],
      ...['--ks', keystore, '--ks-key-alias', alias],
      ...['--ks-pass', `env:${passwordVariable}`, '--key-pass', `env:${passwordVariable}`],
      ...['--out', signed, unsigned],
    ],
    { env },
  );
}

/** A key of this machine's own, in the user's cache and in no repository: a debug build updates a debug build. */
async function debugSigner(): Promise<{ signer: Signer; env: NodeJS.ProcessEnv }> {
  const keystore = cacheFolder('apk', 'debug.p12');
  const secret = cacheFolder('apk', 'debug.password');
  const alias = 'debug';
  if (!existsSync(keystore) || !existsSync(secret)) {
    await mkdir(dirname(keystore), { recursive: true });
    await writeFile(secret, randomBytes(24).toString('base64url'), { mode: 0o600 });
    const aside = `${keystore}.${process.pid}`;
    const env = { ...process.env, [DEBUG_PASSWORD]: await readFile(secret, 'utf8') };
    await run(
      'keytool',
      [
        ...['-genkeypair', '-keystore', aside, '-storetype', 'PKCS12', '-storepass:env', DEBUG_PASSWORD],
        ...['-alias', alias, '-keyalg', 'RSA', '-keysize', '2048', '-validity', '10000'],
        ...['-dname', 'CN=Bianmin debug build'],
      ],
      { env },
    );
    await chmod(aside, 0o600);
    await rename(aside, keystore);
  }
  const env = { ...process.env, [DEBUG_PASSWORD]: await readFile(secret, 'utf8') };
  return { signer: { keystore, passwordVariable: DEBUG_PASSWORD, alias }, env };
}
