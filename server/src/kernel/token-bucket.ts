/** So many at once, and so many a second from then on; both may change from one to the next. */
export class TokenBucket {
  #room: number;
  #atMs: number;

  /** `room`: what may come at once, at first; `nowMs`: by any clock that goes on evenly. */
  constructor(room: number, nowMs: number) {
    this.#room = room;
    this.#atMs = nowMs;
  }

  /** Whether one may come in now. */
  take(nowMs: number, { perSecond, most }: { readonly perSecond: number; readonly most: number }): boolean {
    this.#room = Math.min(most, this.#room + ((nowMs - this.#atMs) * perSecond) / 1000);
    this.#atMs = nowMs;
    if (this.#room < 1) return false;
    this.#room -= 1;
    return true;
  }
}
