import { KeyRing } from '../kernel/key-ring.ts';
import { faultOfBoth } from './key-versions.ts';

/** The variables that the secrets of tokens are in, one of which has them. */
interface TokenSecretVariables {
  readonly TOKEN_SECRETS?: KeyRing | undefined;
  readonly TOKEN_SECRET?: string | undefined;
}

/** What is wrong between the variables, as a sentence; undefined where nothing is. */
export function faultOfTokenSecrets(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if ((env['TOKEN_SECRETS'] ?? env['TOKEN_SECRET']) === undefined)
    return 'set TOKEN_SECRETS to 1:KEY, a key of its own (openssl rand -hex 32)';
  return faultOfBoth(env, { several: 'TOKEN_SECRETS', one: 'TOKEN_SECRET' });
}

/** What signs tokens of terminals, beats and devices, and seals tickets of releases. */
export function tokenSecretsOf({ TOKEN_SECRETS, TOKEN_SECRET = '' }: TokenSecretVariables): KeyRing {
  return TOKEN_SECRETS ?? KeyRing.of(Buffer.from(TOKEN_SECRET, 'hex'));
}
