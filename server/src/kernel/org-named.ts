import type { OrgNames } from '@bianmin/purchase/api/org';

/** Whether an organisation has this text in a name, whatever the language and the case. */
export function isNamed({ names }: { readonly names: OrgNames }, text: string): boolean {
  const asked = text.toLowerCase();
  return Object.values(names).some((name) => name?.toLowerCase().includes(asked) === true);
}
