import { z } from 'zod';
import { PAYMENT_PRODUCTS, type PaymentProduct } from './contract.ts';

/** What a wallet reads from the environment: a form for each variable. */
type Shape = Readonly<Record<string, z.ZodType>>;

/** Read settings of that form, and how wallets reach this server. */
export type SettingsOf<Variables extends Shape> = z.output<z.ZodObject<Variables>> & {
  readonly PUBLIC_URL: string;
};

/** Settings in which these variables are set. */
export type With<Settings, Name extends keyof Settings> = Settings & {
  readonly [N in Name]-?: Exclude<Settings[N], undefined>;
};

/** What a contract with the wallet allows: names of products, with commas; `code` unless it says otherwise. */
export function productsSetting(known: readonly [PaymentProduct, ...PaymentProduct[]] = PAYMENT_PRODUCTS) {
  return z
    .string()
    .default('code')
    .transform((text) => z.array(z.enum(known)).min(1).parse(text.split(',')));
}

/**
 * Whether a channel's variables are set; false where none of them is: then this server does not have the
 * channel. Throws, naming variables and never a value, where only some are set.
 */
export function hasChannel<Settings, Name extends keyof Settings & string>(
  settings: Settings,
  names: readonly Name[],
): settings is With<Settings, Name> {
  const missing = names.filter((name) => settings[name] === undefined);
  if (missing.length === 0) return true;
  if (missing.length === names.length) return false;
  throw new Error(
    `Configuration is not usable. Set ${missing.join(', ')} too, or none of ${names.join(', ')}.`,
  );
}
