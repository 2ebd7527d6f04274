import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findCommand } from '../../build/bootstrap/machine.mjs';
import { OLD_BROWSER } from '../../build/bootstrap/old-browser.mjs';

const run = promisify(execFile);
/** The first time it may fetch its engine; two minutes is long for a page. */
const LIMIT_MS = 120_000;

export interface Opening {
  /** Where its picture goes. */
  readonly picture: string;
  /** `ArrowDown,Enter,wait:500` */
  readonly keys?: string;
  readonly size?: '1280x720' | '640x530';
}

/** A browser of 2016 (Chromium 49), driven by a program: `PROGRAM URL PICTURE --keys … --eval SCRIPT --size WxH`. */
export class OldBrowser {
  readonly #program: string;

  private constructor(program: string) {
    this.#program = program;
  }

  /**
   * `OLD_BROWSER`, or the one that lies beside the project; a sentence where there is none, or where that one does not
   * come up (it fetches its engine the first time). One that was named must.
   */
  static async find(env: NodeJS.ProcessEnv = process.env): Promise<OldBrowser | string> {
    const named = env['OLD_BROWSER'];
    if (named !== undefined) return new OldBrowser(named);
    if (!existsSync(OLD_BROWSER)) return `${OLD_BROWSER} is not there`;
    if (findCommand('xvfb-run') === undefined) return 'xvfb-run is not there';
    const browser = new OldBrowser(OLD_BROWSER);
    try {
      await browser.text('data:text/html,<p>up', { picture: join(tmpdir(), 'bianmin-old-browser.png') });
      return browser;
    } catch (error) {
      return `${OLD_BROWSER} does not come up: ${String(error)}`;
    }
  }

  /** What the page says once the keys are pressed. A script error of the page is a failure. */
  async text(url: string, { picture, keys = '', size = '1280x720' }: Opening): Promise<string> {
    const options = ['--wait', '4000', '--keys', keys, '--size', size, '--eval', 'document.body.innerText'];
    const { stdout } = await run(this.#program, [url, picture, ...options], { timeout: LIMIT_MS });
    return stdout;
  }
}
