import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { signalGroup, spawnKept } from '@bianmin/card/node/kept-child';
import { findFirstCommand } from '../../bootstrap/machine.mjs';
import { CHROMIUM_COMMANDS } from '../../bootstrap/needs.mjs';

/** What a browser says of its own accord over a page: translations, passwords, a page that was not closed, how to leave. */
const QUIET = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-sync',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-features=Translate,TranslateUI,PasswordManagerOnboarding,MediaRouter,GlobalMediaControls',
  '--disable-infobars',
  '--disable-notifications',
  '--disable-save-password-bubble',
  '--disable-session-crashed-bubble',
  '--hide-crash-restore-bubble',
  '--noerrdialogs',
  '--password-store=basic',
];
/** The same by the profile's own settings. */
const PREFERENCES = {
  translate: { enabled: false },
  translate_blocked_languages: ['zh-CN', 'ug', 'en'],
  credentials_enable_service: false,
  profile: { exit_type: 'Normal', password_manager_enabled: false },
};

/**
 * Opens a page in a Chromium window of its own, with a profile of its own, where there is a screen. Gives a line
 * for people, or null where there is no screen or no Chromium. The page is a local file: the token in the
 * address that it leads to must not stand in an argument list.
 */
export async function openWindow(init: {
  readonly page: string;
  readonly dir: string;
  /** Closes it. */
  readonly signal?: AbortSignal;
}): Promise<string | null> {
  const { env } = process;
  const screen = (env['DISPLAY'] ?? '') !== '' || (env['WAYLAND_DISPLAY'] ?? '') !== '';
  const command = env['CHROMIUM'] ?? findFirstCommand(CHROMIUM_COMMANDS);
  if (!screen || command === undefined) return null;
  const profile = join(init.dir, 'chromium');
  await setPreferences(join(profile, 'Default/Preferences'));
  const asRoot = process.getuid?.() === 0;
  const child = spawnKept(
    command,
    [
      `--app=${pathToFileURL(init.page).href}`,
      `--user-data-dir=${profile}`,
      '--window-size=1600,900',
      ...QUIET,
      // Chromium refuses to run as root with its sandbox, and says so over the page, but not to a test.
      ...(asRoot ? ['--no-sandbox', '--test-type'] : []),
    ],
    { stdio: 'ignore' },
  );
  const opened = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => {
      resolve(true);
    });
    child.once('error', () => {
      resolve(false);
    });
  });
  if (!opened) return null;
  init.signal?.addEventListener('abort', () => {
    signalGroup(child, 'SIGTERM');
  });
  return 'Kiosk           is open in its own window';
}

/** Ours over what the browser kept there; a file that it damaged begins anew. */
async function setPreferences(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  let kept: Record<string, unknown> = {};
  try {
    kept = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Chromium itself would throw it away.
  }
  const profile = { ...(kept['profile'] as object | undefined), ...PREFERENCES.profile };
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  await writeFile(path, JSON.stringify({ ...kept, ...PREFERENCES, profile }));
}
