import { createPinia, setActivePinia } from 'pinia';
import { nextTick } from 'vue';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useWords } from './words.ts';

let frames: (() => void)[];
beforeEach(() => {
  vi.useFakeTimers();
  frames = [];
  vi.stubGlobal('document', { documentElement: { classList: { toggle: vi.fn() } } });
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  setActivePinia(createPinia());
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function paint(): void {
  for (const frame of frames.splice(0)) frame();
  vi.runAllTimers();
}

it('shows what was pressed at once, and says it in the other language after that was painted', () => {
  const words = useWords();
  words.choose({ language: 'ug' });
  expect([words.pressed.language, words.language]).toEqual(['ug', 'zh-CN']);
  paint();
  expect([words.pressed.language, words.language]).toEqual(['ug', 'ug']);
});

it('takes the last of several presses, and none is lost beside another choice', () => {
  const words = useWords();
  words.choose({ language: 'ug' });
  words.choose({ large: true });
  words.choose({ language: 'en' });
  paint();
  expect([words.language, words.large]).toEqual(['en', true]);
});

it('goes back to Chinese for the next person, whatever was pressed', async () => {
  const words = useWords();
  words.choose({ language: 'en' });
  paint();
  await nextTick();
  words.choose({ language: 'ug' });
  words.language = 'zh-CN';
  await nextTick();
  paint();
  expect([words.pressed.language, words.language]).toEqual(['zh-CN', 'zh-CN']);
});
