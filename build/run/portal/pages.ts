import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHANNELS } from '@bianmin/purchase/api/channels';
import { NIGHT } from '@bianmin/purchase/design/tokens';
import { transformWithEsbuild } from 'vite';
import { PORTAL_LANGUAGES, portalWords } from './words.ts';

const ROOT = join(import.meta.dirname, '../../..');
export const PORTAL = join(ROOT, 'stb-app/portal');
const FONT = join(ROOT, 'node_modules/@fontsource/noto-naskh-arabic/files');

/** The sources as one text, in the order of their names: functions know each other wherever they stand. */
export async function portalSources(): Promise<string> {
  const names = (await readdir(join(PORTAL, 'src'))).filter((name) => name.endsWith('.js')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(PORTAL, 'src', name), 'utf8')));
  return texts.join('\n');
}

/** The portal's pages: each file by its name. */
export async function portalPages(): Promise<ReadonlyMap<string, string | Buffer>> {
  const sources = await portalSources();
  const site: unknown = JSON.parse(await readFile(join(PORTAL, 'site.json'), 'utf8'));
  const words = portalWords(sources);
  const given = [site, PORTAL_LANGUAGES, words['zh-CN'], CHANNELS];
  const whole = `(function () {\n${sources}\nrunPortal(${given.map((each) => JSON.stringify(each)).join(', ')});\n})();`;
  const { code } = await transformWithEsbuild(whole, 'portal.js', {
    ...{ minify: true, target: 'es5', charset: 'utf8', legalComments: 'none', sourcemap: false },
  });
  const style = await readFile(join(PORTAL, 'pages/portal.css'), 'utf8');
  const page = (name: string): Promise<string> => readFile(join(PORTAL, 'pages', name), 'utf8');
  const font = (weight: number): Promise<Buffer> =>
    readFile(join(FONT, `noto-naskh-arabic-arabic-${weight}-normal.woff`));
  return new Map<string, string | Buffer>([
    ['index.html', await page('index.html')],
    ['sd.html', await page('sd.html')],
    ['portal.js', code],
    ['words-ug.json', JSON.stringify(words.ug)],
    ['words-en.json', JSON.stringify(words.en)],
    ['portal.css', coloured(style)],
    ['uyghur-400.woff', await font(400)],
    ['uyghur-700.woff', await font(700)],
  ]);
}

/** Without comments; `@primary` and its like become the design's colours: these browsers know no custom properties. */
function coloured(style: string): string {
  return style.replace(/\/\*[^]*?\*\/\s*/g, '').replace(/@(\w+)\b(?=[^{]*[;}])/g, (whole, name: string) => {
    const colour: unknown = Reflect.get(NIGHT, name);
    return typeof colour === 'string' ? colour : whole;
  });
}
