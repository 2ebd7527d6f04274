import { readyRole } from '@bianmin/purchase/api/ready-roles';
import { useWords } from '../words/words.ts';
import { ADMINISTRATOR } from './administrator.ts';

/** What a role is called on the page: a ready-made one in the page's language, others as people named them. */
export function useRoleTitle(): (name: string) => string {
  const { t, locale } = useWords();
  return (name) =>
    name === ADMINISTRATOR ? t('common.administrator') : (readyRole(name)?.titles[locale.value] ?? name);
}
