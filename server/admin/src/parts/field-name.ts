import { useWords } from '../words/words.ts';

/** What a field is called: `names.zh-CN` is “Name · zh-CN”. One that has no word is shown as it is. */
export function useFieldName(): (path: string) => string {
  const { t, has } = useWords();
  return (path) => {
    const [first = path, ...rest] = path.split('.');
    const key = `audit.field.${first}`;
    return [has(key) ? t(key) : first, ...rest].join(' · ');
  };
}
