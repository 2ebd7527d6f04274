import type { ShellSuccess } from '@bianmin/purchase/android/shell';
import type { ShellLink } from './shell-link.ts';

/** How the app was started last: the portal's token, where it brought one, and where its Back leads. */
export class Launch {
  readonly #link: ShellLink;
  #last: ShellSuccess;

  private constructor(link: ShellLink, last: ShellSuccess) {
    this.#link = link;
    this.#last = last;
  }

  /** Asks the shell. Fails with a `BoxError`. */
  static async from(link: ShellLink): Promise<Launch> {
    return new Launch(link, await link.ask({ op: 'launch' }));
  }

  get token(): string | undefined {
    return this.#last.token;
  }

  /** The portal started the app once more, which was still there. */
  async again(): Promise<void> {
    this.#last = await this.#link.ask({ op: 'launch' });
  }

  /** Back to where it was started from. */
  async leave(): Promise<void> {
    const { backUrl } = this.#last;
    await this.#link.ask({ op: 'leave', ...(backUrl === undefined ? {} : { backUrl }) });
  }
}
