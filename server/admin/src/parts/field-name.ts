import { useWords } from '../words/words.ts';
import { useRoleTitle } from './role-title.ts';

/** What a field is called: `names.zh-CN` is “Name · zh-CN”, `permissions.ready:audit` “Permissions · Audit”. One that has no word is shown as it is. */
export function useFieldName(): (path: string) => string {
  const { t, has } = useWords();
  const titleOf = useRoleTitle();
  return (path) => {
    const [first = path, ...rest] = path.split('.');
    const key = `audit.field.${first}`;
    return [has(key) ? t(key) : first, ...rest.map(titleOf)].join(' · ');
  };
}
