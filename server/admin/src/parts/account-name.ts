import { CHANNELS } from '@bianmin/purchase/api/channels';
import { useOrgNames } from '../api/org-names.ts';
import { useWords } from '../words/words.ts';
import { accountName } from './account.ts';

/** What an account of the books is called; one that has no words is shown as the books name it. */
export function useAccountName(): (account: string) => string {
  const { t, locale } = useWords();
  const orgs = useOrgNames();
  const ofOne = (of: string): string =>
    CHANNELS.some((each) => each === of) ? t(`common.channel.${of}`) : of;
  const orgOf = (id: string): string => {
    orgs.look();
    return orgs.names.get(id)?.[locale.value] ?? id;
  };
  return (account) => {
    const name = accountName(account);
    if (name === undefined) return account;
    const { key, of = '' } = name;
    return t(`reconciliation.accountName.${key}`, { of: key === 'commission' ? orgOf(of) : ofOne(of) });
  };
}
