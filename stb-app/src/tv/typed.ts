/** Who gets the digits of the remote: the screen in front, if it wants any. */
class Typed {
  #taker: { press: (digit: string) => void; erase: () => boolean } | undefined;

  /** Gives its own removal. `erase`: false where there is nothing to erase, so that "back" goes back. */
  take(taker: { press: (digit: string) => void; erase: () => boolean }): () => void {
    this.#taker = taker;
    return () => {
      if (this.#taker === taker) this.#taker = undefined;
    };
  }

  press(digit: string): void {
    this.#taker?.press(digit);
  }

  erase(): boolean {
    return this.#taker?.erase() ?? false;
  }
}

export const typed = new Typed();
