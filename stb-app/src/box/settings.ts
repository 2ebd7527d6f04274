import type { ShellLink } from './shell-link.ts';

/** What a family chose for its screen; strings that the screens know. */
export interface BoxSettings {
  readonly language: string;
  readonly large: boolean;
  readonly voice: boolean;
}

const NAME = 'screen';

/** What was kept, as far as it can be read: settings are never worth a box that does not start. */
export async function loadSettings(link: ShellLink): Promise<Partial<BoxSettings>> {
  try {
    const { value } = await link.ask({ op: 'storeGet', shelf: 'settings', name: NAME });
    return value === undefined ? {} : settingsOf(JSON.parse(value));
  } catch {
    return {};
  }
}

export async function saveSettings(link: ShellLink, settings: BoxSettings): Promise<void> {
  await link.ask({ op: 'storePut', shelf: 'settings', name: NAME, value: JSON.stringify(settings) });
}

function settingsOf(value: unknown): Partial<BoxSettings> {
  if (typeof value !== 'object' || value === null) return {};
  const { language, large, voice } = value as Partial<Record<string, unknown>>;
  return {
    ...(typeof language === 'string' ? { language } : {}),
    ...(typeof large === 'boolean' ? { large } : {}),
    ...(typeof voice === 'boolean' ? { voice } : {}),
  };
}
