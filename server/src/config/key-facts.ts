import type { KeyGuide } from '@bianmin/purchase/api/admin-keys';
import { CHANNELS } from '@bianmin/purchase/api/channels';
import { factsOf } from '../gateways/payment/key-facts.ts';
import { WALLETS } from '../gateways/payment/wallets.ts';
import type { Config } from './config.ts';

/** A key of the configuration beside those of data, in memory only. */
export interface KeyFact {
  /** The variable; of a version after the first, the version too. */
  readonly name: string;
  readonly guide: KeyGuide;
  /** What tells it from another: the key itself, or what is public of it. */
  readonly content: string;
  readonly notAfter: Date | null;
}

const PLAIN = {
  COMMAND_SIGN_KEY: 'command',
  TIME_SIGN_KEY: 'time',
  GRID_SIGN_KEY: 'grid',
  GRID_PUBLIC_KEY: 'grid-theirs',
  GRID_NEXT_PUBLIC_KEY: 'grid-theirs',
  RELEASE_PUBLIC_KEY: 'release',
  BACKUP_RECIPIENT: 'backup',
  INVOICE_KEY: 'invoice',
} as const satisfies Partial<Record<keyof Config, KeyGuide>>;

/** Every key that is set; of channels also what was uploaded, where the configuration has it (`withUploaded`). */
export function keyFactsOf(config: Config): KeyFact[] {
  const plain = Object.entries(PLAIN).flatMap(([name, guide]): KeyFact[] => {
    const content = config[name as keyof typeof PLAIN];
    return content === undefined ? [] : [{ name, guide, content, notAfter: null }];
  });
  const tokens = config.TOKEN_SECRETS.versions.map((version): KeyFact => {
    const name = named(version);
    const content = Buffer.from(config.TOKEN_SECRETS.secret(version)).toString('hex');
    return { name, guide: 'token', content, notAfter: null };
  });
  const line = (['GRID_TLS_CERT', 'GRID_TLS_CA'] as const).flatMap((name) =>
    config[name] === undefined
      ? []
      : factsOf(config[name]).map(({ fingerprint, notAfter }) =>
          factOf({ name, guide: 'tls', content: fingerprint ?? name, notAfter }),
        ),
  );
  const wallets = CHANNELS.flatMap((channel) =>
    WALLETS[channel].keysOf(config).map(({ name, serial, fingerprint, notAfter }) => {
      const value: unknown = config[name as keyof Config];
      const content = fingerprint ?? (typeof value === 'string' ? value : name);
      return factOf({ name, guide: 'channel', content: `${serial ?? ''} ${content}`, notAfter });
    }),
  );
  return [...tokens, ...plain, ...line, ...wallets];
}

/** As it was called before there were versions. */
function named(version: number): string {
  return version === 1 ? 'TOKEN_SECRET' : `TOKEN_SECRET ${version}`;
}

function factOf({ notAfter, ...fact }: Omit<KeyFact, 'notAfter'> & { notAfter: string | null }): KeyFact {
  return { ...fact, notAfter: notAfter === null ? null : new Date(notAfter) };
}
