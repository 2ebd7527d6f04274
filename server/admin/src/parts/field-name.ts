import { useI18n } from 'vue-i18n';

/** What a field is called: `names.zh-CN` is “Name · zh-CN”. One that has no word is shown as it is. */
export function useFieldName(): (path: string) => string {
  const i18n = useI18n();
  const { t } = i18n;
  return (path) => {
    const [first = path, ...rest] = path.split('.');
    const key = `audit.field.${first}`;
    return [i18n.te(key) ? t(key) : first, ...rest].join(' · ');
  };
}
