import type { Page } from 'playwright-core';

/** What goes wrong in a page from now on; what its own policy stops is said on the console only. */
export function errorsOf(page: Page): readonly string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) errors.push(message.text());
  });
  return errors;
}
