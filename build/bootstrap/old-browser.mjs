import { join } from 'node:path';

/** Beside the project, where there is one: a program that opens a page in a real Chromium 49. */
export const OLD_BROWSER = join(import.meta.dirname, '../../../shared/tools/old-webview/run.sh');

/** What it needs of Debian. */
export const OLD_BROWSER_PACKAGES = [
  ...[
    'xvfb',
    'xauth',
    'libnss3',
    'libgl1',
    'libegl1',
    'libasound2',
    'libxcomposite1',
    'libxcursor1',
    'libxi6',
  ],
  ...['libxtst6', 'libxss1', 'libxcb-icccm4', 'libxcb-keysyms1', 'libxcb-xinerama0', 'libxkbcommon-x11-0'],
];
