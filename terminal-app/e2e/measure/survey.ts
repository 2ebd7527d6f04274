import type { Page } from 'playwright-core';
import type * as Axe from 'axe-core';
import { withAxe } from '../barriers.ts';
import { layContrast, type Contrast } from './page-contrast.ts';
import { layRuler, type Ruler } from './page-ruler.ts';
import { layGlyphs } from './page-glyphs.ts';
import { layGrounds } from './page-grounds.ts';
import { layReadWords, type ReadWords } from './page-words.ts';
import type { Survey } from './survey-types.ts';

/** What the screen in a page measures. `secondary` selects what is said small on purpose. */
export async function surveyPage(page: Page, secondary: string): Promise<Survey> {
  await withAxe(page);
  for (const lay of [layRuler, layGrounds, layContrast, layGlyphs, layReadWords]) await page.evaluate(lay);
  return page.evaluate(survey, secondary);
}

/**
 * Runs in the page, where the rest of what is measured with must be, and alone: Playwright carries one function over, and
 * nothing that it imports.
 */
function survey(secondary: string): Survey {
  const { axe, ruler, contrast, readWords } = window as unknown as {
    axe: typeof Axe;
    ruler: Ruler;
    contrast: Contrast;
    readWords: ReadWords;
  };
  const { root, stage, boxOf, place, nameOf, isSeen, isDisabled } = ruler;

  const pressed = [
    ...root.querySelectorAll('button, a[href], input, select, summary, [role="button"]'),
  ].filter(isSeen);
  axe.setup(document.body);
  const targets = pressed.map((element) => ({
    ...{ name: nameOf(element), box: boxOf(element.getBoundingClientRect()) },
    ...{ disabled: isDisabled(element), contrast: contrast.ofControl(element) },
  }));
  const words = readWords(pressed, secondary);
  axe.teardown();

  const main = place('main');
  const cut: string[] = [];
  const outside: string[] = [];
  for (const element of root.querySelectorAll<HTMLElement>('*')) {
    if (element.closest('svg') !== null || !isSeen(element)) continue;
    const style = getComputedStyle(element);
    const wide = element.scrollWidth > element.clientWidth + 1;
    const high =
      element.scrollHeight > element.clientHeight + 1 &&
      style.overflowY !== 'visible' &&
      !element.classList.contains('scrolls');
    if (element.clientWidth > 0 && style.display !== 'inline' && (wide || high)) cut.push(nameOf(element));
    if (style.textOverflow === 'ellipsis') cut.push(nameOf(element));
    const box = boxOf(element.getBoundingClientRect());
    if (main && element.closest('main > *') && (box.top < main.top - 1 || box.bottom > main.bottom + 1))
      outside.push(nameOf(element));
  }

  return {
    ...{ language: document.documentElement.lang, direction: document.documentElement.dir },
    ...{ stage: boxOf(stage.getBoundingClientRect()), main },
    ...{ back: place('footer .back'), help: place('footer .help') },
    ...{ targets, words, cut, outside },
  };
}
