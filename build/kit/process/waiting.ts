/** Shorter waits are not reported. */
const FIRST_MS = 5_000;
const AGAIN_MS = 10_000;
/** A log's line may be long. */
const MOST_LETTERS = 120;

export interface Waiting {
  /** What is waited for. */
  readonly what: string;
  /** The last that it said; absent or empty: it says nothing. */
  readonly lastWords?: () => string;
  readonly progress: (line: string) => void;
}

/** Says after five seconds, and then every ten, that there is still waiting. Gives what ends that. */
export function sayWhileWaiting({ what, lastWords, progress }: Waiting): () => void {
  let seconds = 0;
  const after = (ms: number): NodeJS.Timeout =>
    setTimeout(() => {
      seconds += ms / 1000;
      const words = lastWords?.() ?? '';
      const said = words.length > MOST_LETTERS ? `${words.slice(0, MOST_LETTERS)}…` : words;
      progress(`still waiting for ${what} (${seconds} s)${said === '' ? '' : `; it last said: ${said}`}`);
      timer = after(AGAIN_MS);
    }, ms).unref();
  let timer = after(FIRST_MS);
  return () => {
    clearTimeout(timer);
  };
}

/** The same around a promise, whose end is handed on. */
export async function withProgress<T>(waiting: Waiting, promise: Promise<T>): Promise<T> {
  const stop = sayWhileWaiting(waiting);
  try {
    return await promise;
  } finally {
    stop();
  }
}
