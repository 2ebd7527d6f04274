import { readonly, ref } from 'vue';

/** What another place of the console would have looked for here: in memory alone, since it may be a household's number. */
const text = ref<string>();
export const handedSearch = readonly(text);

export function handSearch(any: string): void {
  text.value = any;
}

/** Once; nothing where there is none. */
export function takeHandedSearch(): string | undefined {
  const handed = text.value;
  text.value = undefined;
  return handed;
}
