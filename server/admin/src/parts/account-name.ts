import { CHANNELS } from '@bianmin/purchase/api/channels';
import { useWords } from '../words/words.ts';
import { accountName } from './account.ts';

/** What an account of the books is called; one that has no words is shown as the books name it. */
export function useAccountName(): (account: string) => string {
  const { t } = useWords();
  const ofOne = (of: string): string =>
    CHANNELS.some((each) => each === of) ? t(`common.channel.${of}`) : of;
  return (account) => {
    const name = accountName(account);
    if (name === undefined) return account;
    return t(`reconciliation.accountName.${name.key}`, { of: ofOne(name.of ?? '') });
  };
}
