import { useI18n } from 'vue-i18n';

/** `org.rename` in words; one that has none is shown as it is. */
export function useActionName(): (action: string) => string {
  const i18n = useI18n();
  const { t } = i18n;
  return (action) => {
    const [subject = '', verb = ''] = action.split('.');
    const keys = [`audit.subject.${subject}`, `audit.verb.${verb}`] as const;
    return keys.every((key) => i18n.te(key)) ? keys.map((key) => t(key)).join(' · ') : action;
  };
}
