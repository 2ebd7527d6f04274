import type { KeyGuide } from '@bianmin/purchase/api/admin-keys';
import { CHANNELS } from '@bianmin/purchase/api/channels';
import { factsOf } from '../gateways/payment/key-facts.ts';
import { WALLETS } from '../gateways/payment/wallets.ts';
import type { Config } from './config.ts';

/** A key of the configuration beside those of data, in memory only. */
export interface KeyFact {
  /** The variable. */
  readonly name: string;
  readonly guide: KeyGuide;
  /** What tells it from another: the key itself, or what is public of it. */
  readonly content: string;
  readonly notAfter: Date | null;
}

const PLAIN = {
  TOKEN_SECRET: 'token',
  COMMAND_SIGN_KEY: 'command',
  TIME_SIGN_KEY: 'time',
  GRID_SIGN_KEY: 'grid',
  GRID_PUBLIC_KEY: 'grid-theirs',
  GRID_NEXT_PUBLIC_KEY: 'grid-theirs',
  RELEASE_PUBLIC_KEY: 'release',
  BACKUP_RECIPIENT: 'backup',
  INVOICE_KEY: 'invoice',
} as const satisfies Partial<Record<keyof Config, KeyGuide>>;

/** Every key that is set. */
export function keyFactsOf(config: Config): KeyFact[] {
  const plain = Object.entries(PLAIN).flatMap(([name, guide]): KeyFact[] => {
    const content = config[name as keyof typeof PLAIN];
    return content === undefined ? [] : [{ name, guide, content, notAfter: null }];
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
  return [...plain, ...line, ...wallets];
}

function factOf({ notAfter, ...fact }: Omit<KeyFact, 'notAfter'> & { notAfter: string | null }): KeyFact {
  return { ...fact, notAfter: notAfter === null ? null : new Date(notAfter) };
}
