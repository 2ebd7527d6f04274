import type { SupportSetting } from '../../api/support.ts';
import { scrubText } from './scrub.ts';
import { withoutPath } from './without-path.ts';

/** Names of what is a secret, or tells of one. */
const HIDDEN = /SECRET|KEY|PASSWORD|PKCS12|CERT|PEM|TOKEN|RECIPIENT|CODE$/u;
const ADDRESS = /^[a-z][a-z\d+.-]*:\/\//iu;

/** Every setting by its name: numbers and plain words as they are, addresses without what opens them, of a secret that it is set. */
export function settingsOf(values: object, secrets: readonly string[] = []): SupportSetting[] {
  return Object.entries(values as Readonly<Record<string, unknown>>)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const shown = HIDDEN.test(name) ? undefined : shownOf(value, secrets);
      return shown === undefined
        ? { name, state: 'hidden', value: null }
        : { name, state: 'shown', value: shown.slice(0, 200) };
    });
}

function shownOf(value: unknown, secrets: readonly string[]): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return scrubText(ADDRESS.test(value) ? withoutPath(value) : value, secrets);
  return undefined;
}
