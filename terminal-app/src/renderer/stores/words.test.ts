import { createPinia, setActivePinia } from 'pinia';
import { nextTick } from 'vue';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeFrames, type FakeFrames } from '../../testing/fake-frames.ts';
import { useWords } from './words.ts';

let page: FakeFrames;
beforeEach(() => {
  page = fakeFrames();
  vi.stubGlobal('document', { documentElement: { classList: { toggle: vi.fn() } } });
  setActivePinia(createPinia());
});
afterEach(() => {
  page.end();
});

it('shows what was pressed at once, and says it in the other language after that was painted', () => {
  const words = useWords();
  words.choose({ language: 'ug' });
  expect([words.pressed.language, words.language]).toEqual(['ug', 'zh-CN']);
  page.paint();
  expect([words.pressed.language, words.language]).toEqual(['ug', 'ug']);
});

it('takes the last of several presses, and none is lost beside another choice', () => {
  const words = useWords();
  words.choose({ language: 'ug' });
  words.choose({ large: true });
  words.choose({ language: 'en' });
  page.paint();
  expect([words.language, words.large]).toEqual(['en', true]);
});

it('goes back to Chinese for the next person, whatever was pressed', async () => {
  const words = useWords();
  words.choose({ language: 'en' });
  page.paint();
  await nextTick();
  words.choose({ language: 'ug' });
  words.language = 'zh-CN';
  await nextTick();
  page.paint();
  expect([words.pressed.language, words.language]).toEqual(['zh-CN', 'zh-CN']);
});
