import { KeyRing } from '../kernel/key-ring.ts';
import { faultOfBoth, keyVersions, SECRET } from './key-versions.ts';

/** The variables that the keys of data are in, one of which has them. */
interface DataKeyVariables {
  readonly DATA_KEYS?: KeyRing | undefined;
  readonly DATA_KEY?: string | undefined;
  readonly TOKEN_SECRET?: string | undefined;
}

/** What is wrong between the variables, as a sentence; undefined where nothing is. */
export function faultOfDataKeys(env: Readonly<Record<string, string | undefined>>): string | undefined {
  return env['TOKEN_SECRETS'] === undefined || (env['DATA_KEYS'] ?? env['DATA_KEY']) !== undefined
    ? faultOfBoth(env, { several: 'DATA_KEYS', one: 'DATA_KEY' })
    : 'TOKEN_SECRETS holds no key of data: put what TOKEN_SECRET was into DATA_KEYS as 1:KEY, or make one (openssl rand -hex 32)';
}

/** What seals personal data and the like in the database, and makes what is handed out. Throws a sentence. */
export function dataKeysOf({ DATA_KEYS, DATA_KEY, TOKEN_SECRET }: DataKeyVariables): KeyRing {
  if (DATA_KEYS !== undefined) return DATA_KEYS;
  const key = DATA_KEY ?? TOKEN_SECRET;
  if (key !== undefined && SECRET.test(key)) return KeyRing.of(Buffer.from(key, 'hex'));
  throw new Error(
    'Configuration is not usable. Set DATA_KEYS (or DATA_KEY, or TOKEN_SECRET) as the server has it.',
  );
}

/** The same of an environment, for commands that need no more of it. Throws a sentence. */
export function dataKeysFrom(env: Readonly<Record<string, string | undefined>>): KeyRing {
  const fault = faultOfDataKeys(env);
  if (fault !== undefined) throw new Error(`Configuration is not usable. ${fault}.`);
  const { DATA_KEYS: text, ...others } = env;
  const parsed = keyVersions.optional().safeParse(text);
  if (parsed.success) return dataKeysOf({ ...others, DATA_KEYS: parsed.data });
  throw new Error(`Configuration is not usable. DATA_KEYS: ${parsed.error.issues[0]?.message ?? ''}.`);
}
