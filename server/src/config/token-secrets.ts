import { KeyRing } from '../kernel/key-ring.ts';

/** The variables that the secrets of tokens are in, one of which has them. */
interface TokenSecretVariables {
  readonly TOKEN_SECRETS?: KeyRing | undefined;
  readonly TOKEN_SECRET?: string | undefined;
}

/** What is wrong between the variables, as a sentence; undefined where nothing is. */
export function faultOfTokenSecrets(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const [several, one] = [env['TOKEN_SECRETS'], env['TOKEN_SECRET']];
  if (several !== undefined && one !== undefined)
    return 'TOKEN_SECRETS holds every version: put TOKEN_SECRET into it as 1:KEY, and take TOKEN_SECRET away';
  return several === undefined && one === undefined
    ? 'set TOKEN_SECRETS to 1:KEY, a key of its own (openssl rand -hex 32)'
    : undefined;
}

/** What signs tokens of terminals, beats and devices, and seals tickets of releases. */
export function tokenSecretsOf({ TOKEN_SECRETS, TOKEN_SECRET = '' }: TokenSecretVariables): KeyRing {
  return TOKEN_SECRETS ?? new KeyRing(new Map([[1, Buffer.from(TOKEN_SECRET, 'hex')]]));
}
