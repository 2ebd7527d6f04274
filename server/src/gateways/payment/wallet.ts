import type { ChannelKey } from '@bianmin/purchase/api/payments';
import type { Deadline } from '../../kernel/deadline.ts';
import type { ComplaintSource } from './complaint-contract.ts';
import type { PaymentChannel } from './contract.ts';

/** A key or certificate that staff uploaded. */
interface WalletKey {
  readonly whose: 'ours' | 'theirs';
  readonly pem: string;
  /** As the wallet calls it. */
  readonly serial?: string | undefined;
  /** Of our own key, where the wallet wants one: PEM. */
  readonly certificate?: string | undefined;
}

/** All that the server asks of one wallet besides its wire. `wallets.ts` has one for each channel. */
export interface Wallet<Settings> {
  /** The channel as the environment configures it; undefined where it does not. `deadline` is only for tests. */
  readonly channelFrom: (
    settings: Settings,
    clock: { now(): number },
    deadline?: Deadline,
  ) => PaymentChannel | undefined;
  /** Where its payers' complaints come from; absent: it has none that a server could fetch. */
  readonly complaintsFrom?: (settings: Settings, clock: { now(): number }) => ComplaintSource | undefined;
  /** What it is spoken to and believed by, as the environment has it; never a key itself. */
  readonly keysOf: (settings: Settings) => ChannelKey[];
  /** The variables that an uploaded key stands in for. */
  readonly keyNames: Readonly<Record<WalletKey['whose'], string>>;
  /** Why an uploaded key cannot be used here, as a sentence. */
  readonly againstKey: (settings: Settings, key: WalletKey) => string | undefined;
  /** What an uploaded key changes: ours takes the place of the one before it, the wallet's stands beside others. */
  readonly withKey: (settings: Settings, key: WalletKey) => Partial<Settings>;
}
