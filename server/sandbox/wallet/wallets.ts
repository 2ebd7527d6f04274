import { join } from 'node:path';
import type { z } from 'zod';
import { CHANNELS, type Channel } from '@bianmin/purchase/api/channels';
import { createAlipayDialect } from './alipay/dialect.ts';
import { alipayEnv, alipayKeys, generateAlipayKeys } from './alipay/keys.ts';
import { createBestpayDialect } from './bestpay/dialect.ts';
import { bestpayEnv, bestpayKeys, generateBestpayKeys } from './bestpay/keys.ts';
import type { DialectContext } from './dialect-context.ts';
import type { Dialect } from './dialect.ts';
import { loadOrCreate } from './key-file.ts';
import { createWechatDialect } from './wechat/dialect.ts';
import { generateWechatKeys, wechatEnv, wechatKeys } from './wechat/keys.ts';

/** What the sandbox needs of one wallet. */
interface WalletSide<Keys> {
  /** In which its keys are kept, within the folder of all. */
  readonly file: string;
  readonly schema: z.ZodType<Keys>;
  readonly generate: () => Keys;
  /** The server's environment for these keys; without `baseUrl` it would talk to the real wallet. */
  readonly env: (keys: Keys, baseUrl?: string) => Record<string, string>;
  readonly dialect: (keys: Keys, context: DialectContext) => Dialect;
}

const sideOf = <Keys>(side: WalletSide<Keys>): WalletSide<Keys> => side;

/** Every wallet of the sandbox: the one place that names them. */
const WALLETS = {
  wechat: sideOf({
    file: 'wallet-keys.json',
    schema: wechatKeys,
    generate: generateWechatKeys,
    env: wechatEnv,
    dialect: createWechatDialect,
  }),
  alipay: sideOf({
    file: 'alipay-keys.json',
    schema: alipayKeys,
    generate: generateAlipayKeys,
    env: alipayEnv,
    dialect: createAlipayDialect,
  }),
  bestpay: sideOf({
    file: 'bestpay-keys.json',
    schema: bestpayKeys,
    generate: generateBestpayKeys,
    env: bestpayEnv,
    dialect: createBestpayDialect,
  }),
} satisfies Readonly<Record<Channel, object>>;

type KeysOf<Name extends Channel> = ReturnType<(typeof WALLETS)[Name]['generate']>;

/** Every secret of a merchant and of the wallets that it talks to. Sandbox only. */
export type WalletKeys = { readonly [Name in Channel]: KeysOf<Name> };

/** Each wallet's side takes its own keys alone, which a loop over all cannot say. */
const sideNamed = (name: Channel): WalletSide<unknown> => WALLETS[name] as unknown as WalletSide<unknown>;

/** Reads the keys of `folder`, or makes them there: the folder 0700, each wallet's file 0600. */
export async function loadOrCreateWalletKeys(folder: string): Promise<WalletKeys> {
  const keys: Partial<Record<Channel, unknown>> = {};
  for (const name of CHANNELS) {
    const { file, schema, generate } = sideNamed(name);
    keys[name] = await loadOrCreate(join(folder, file), schema, generate);
  }
  return keys as WalletKeys;
}

/**
 * The server's environment for these keys. `baseUrl` is where the wallets listen; without it the variables that
 * say so are left out, and the server would talk to the real ones. Wallets without keys are left out.
 */
export function walletEnv(keys: Partial<WalletKeys>, baseUrl?: string): Record<string, string> {
  const variables = knownIn(keys).flatMap((name) => Object.entries(sideNamed(name).env(keys[name], baseUrl)));
  return Object.fromEntries(variables);
}

/** The wallets that there are keys for. */
export function dialectsOf(keys: Partial<WalletKeys>, context: DialectContext): Dialect[] {
  return knownIn(keys).map((name) => sideNamed(name).dialect(keys[name], context));
}

function knownIn(keys: Partial<WalletKeys>): Channel[] {
  return CHANNELS.filter((name) => keys[name] !== undefined);
}
