import type { Locator, Page } from 'playwright-core';

/** What a person does at a page, counted: a press, or a text that is given. */
export class Hands {
  count = 0;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(what: Locator): Promise<void> {
    this.count += 1;
    await what.click();
  }

  async pressKey(key: string): Promise<void> {
    this.count += 1;
    await this.#page.keyboard.press(key);
  }

  async fill(field: Locator, text: string): Promise<void> {
    this.count += 1;
    await field.fill(text);
  }

  /** Wherever the focus is. */
  async type(text: string): Promise<void> {
    this.count += 1;
    await this.#page.keyboard.type(text);
  }
}
