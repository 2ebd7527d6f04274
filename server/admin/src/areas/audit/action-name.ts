import { useWords } from '../../words/words.ts';

/** `org.rename` in words; one that has none is shown as it is. */
export function useActionName(): (action: string) => string {
  const { t, has } = useWords();
  return (action) => {
    const [subject = '', verb = ''] = action.split('.');
    const keys = [`audit.subject.${subject}`, `audit.verb.${verb}`] as const;
    return keys.every((key) => has(key)) ? keys.map((key) => t(key)).join(' · ') : action;
  };
}
